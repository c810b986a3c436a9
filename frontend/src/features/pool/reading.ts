import type { Customer } from "@/api/types";
import { daysFromToday } from "@/lib/format";

/** How many days a customer has left; one that is only waiting to be released has none. */
export function daysLeft(releaseAt: string): number {
  return Math.max(0, daysFromToday(releaseAt));
}

/** Whether a customer is kept with its owner whatever the rules say. */
export function isLocked({ locked_until }: Customer, now = new Date()): boolean {
  return locked_until !== null && Date.parse(locked_until) > now.getTime();
}
