import { parseISO } from "date-fns";
import { addDays, today } from "./format";

/** The day after today. */
export function tomorrow(): string {
  return addDays(today(), 1);
}

/** Monday of the week that follows. */
export function nextMonday(): string {
  const now = today();
  return addDays(now, (8 - parseISO(now).getDay()) % 7 || 7);
}
