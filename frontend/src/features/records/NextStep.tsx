import { AlarmClock } from "lucide-react";
import { cn } from "@/lib/cn";
import { daysFromToday, useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";

const COLOURS = {
  overdue: "font-medium text-danger",
  today: "font-medium text-ok",
  later: "text-fg2",
  none: "text-warn",
};

/** How pressing something is by the day it is due. */
export function urgencyOf(at: string | null): keyof typeof COLOURS {
  if (at === null) return "none";
  const days = daysFromToday(at);
  if (days < 0) return "overdue";
  return days === 0 ? "today" : "later";
}

interface NextStepProps {
  /** When the next step is due; null where none is planned. */
  at: string | null;
  /** Where nothing around it says what it is. */
  hasLabel?: boolean;
  className?: string;
}

/** When the next step is due, in a colour and in words. */
export function NextStep({ at, hasLabel = false, className }: NextStepProps) {
  const { t } = useTexts();
  const { instant, relativeDay } = useFormat();
  const urgency = urgencyOf(at);
  const look = cn("tnum flex min-w-0 items-center gap-1", COLOURS[urgency], className);
  const icon = <AlarmClock aria-hidden="true" className="size-3.5 shrink-0" />;
  if (at === null) {
    return (
      <span className={look}>
        {icon}
        <span className="truncate">{t("records:nextStep.none")}</span>
      </span>
    );
  }
  const text =
    urgency === "overdue"
      ? t("records:nextStep.overdue", { count: -daysFromToday(at) })
      : relativeDay(at);
  return (
    <time dateTime={at} title={t("records:nextStep.named", { when: instant(at) })} className={look}>
      {icon}
      <span className={hasLabel ? "shrink-0" : "sr-only"}>{t("records:nextStep.label")}</span>
      <span className="truncate">{text}</span>
    </time>
  );
}
