import type { RefObject } from "react";
import type { Entry } from "./layout";

/** What each view of the calendar is given. */
export interface CalendarViewProps {
  days: string[];
  /** The day in the address. */
  date: string;
  entries: Map<string, Entry[]>;
  hasOwner: boolean;
  /** What scrolls around it. */
  scroller: RefObject<HTMLDivElement | null>;
  onDate: (day: string) => void;
  onOpenDay: (day: string) => void;
  /** An empty place was pressed; absent for who may not plan. */
  onSlot: ((day: string, time: string) => void) | undefined;
}
