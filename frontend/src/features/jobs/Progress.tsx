import { useTranslation } from "react-i18next";
import type { Job } from "@/api/jobs";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

interface ProgressProps {
  job: Job;
  /** What it is the progress of; read out. */
  label: string;
  className?: string;
}

/** How much of a job is done: a bar in the parts that went well and that did not, and the numbers. */
export function Progress({ job, label, className }: ProgressProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { done, total } = job.progress;
  const { failed } = job.counts;
  const text = t("jobs:of", { done: number(done), total: number(total) });
  const part = (count: number) => ({ width: `${(100 * count) / total}%` });
  return (
    <div className={cn("flex items-center gap-3", className)}>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={text}
        className="flex h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-line [&>div]:transition-[width] [&>div]:duration-150 motion-reduce:[&>div]:transition-none"
      >
        <div className="bg-accent" style={part(done - failed)} />
        <div className="bg-danger" style={part(failed)} />
      </div>
      <span className="tnum whitespace-nowrap text-fg2 text-xs">{text}</span>
    </div>
  );
}
