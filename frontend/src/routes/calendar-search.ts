import type { CalendarView } from "@/features/activities/calendar/range";

/** The address of the calendar: how much is seen, around which day, and whose. */
export interface CalendarSearch {
  view?: CalendarView;
  date?: string;
  whose?: "team";
}

const VIEWS: unknown[] = ["month", "week", "day"] satisfies CalendarView[];

/** Whether a text is a date of the calendar, `2026-11-26`. */
function isDate(text: unknown): text is string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Keeps what the calendar understands. */
export function validateCalendarSearch({ view, date, whose }: Record<string, unknown>) {
  const search: CalendarSearch = {};
  if (VIEWS.includes(view)) search.view = view as CalendarView;
  if (isDate(date)) search.date = date;
  if (whose === "team") search.whose = "team";
  return search;
}
