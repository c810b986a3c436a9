import { nextMonday, tomorrow } from "@/lib/days";
import { toInstant } from "@/lib/format";

const HOUR_MS = 3_600_000;
/** When a day begins for who puts something off. */
const MORNING = "09:00";

/** Until when something can be put off, soonest first. */
export function snoozeTimes(now: Date): { id: "hour" | "tomorrow" | "monday"; at: string }[] {
  const days = [
    { id: "hour" as const, at: new Date(now.getTime() + HOUR_MS).toISOString() },
    { id: "tomorrow" as const, at: toInstant(tomorrow(), MORNING) },
  ];
  // On a Sunday Monday is tomorrow.
  if (nextMonday() === tomorrow()) return days;
  return [...days, { id: "monday" as const, at: toInstant(nextMonday(), MORNING) }];
}
