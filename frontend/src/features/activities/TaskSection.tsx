import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

interface TaskSectionProps {
  title: string;
  count: number;
  /** The colour of the title, which says the same in words. */
  tone?: string | undefined;
  children: ReactNode;
}

/** Some tasks under a title with how many they are. */
export function TaskSection({ title, count, tone, children }: TaskSectionProps) {
  const { number } = useFormat();
  const id = useId();
  return (
    <section aria-labelledby={id} className="px-2 pt-4 phone:px-1">
      <h2 id={id} className={cn("px-2 pb-1 font-medium", tone)}>
        {title} <span className="tnum font-normal text-fg3">{number(count)}</span>
      </h2>
      <ul>{children}</ul>
    </section>
  );
}
