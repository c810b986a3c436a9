import { addDays, toDate, toInstant } from "@/lib/format";

/** How much of the calendar is seen at once. */
export type CalendarView = "month" | "week" | "day";

const HOUR = 3_600_000;

/** The first day of a date's week. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

function lastOfMonth(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** The days a view shows: whole weeks for a month, from Monday on. */
export function daysOf(view: CalendarView, date: string): string[] {
  if (view === "day") return [date];
  const monday = mondayOf(view === "month" ? `${date.slice(0, 7)}-01` : date);
  const last = view === "month" ? lastOfMonth(date) : monday;
  const days: string[] = [];
  for (let day = monday; day <= last || days.length % 7 !== 0; day = addDays(day, 1)) {
    days.push(day);
  }
  return days;
}

/** The same days, week by week. */
export function weeksOf(days: string[]): string[][] {
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** The date one view before or after; the 31st becomes the last day of a shorter month. */
export function moved(view: CalendarView, date: string, by: 1 | -1): string {
  if (view !== "month") return addDays(date, view === "week" ? by * 7 : by);
  const [year = 0, month = 1] = date.split("-").map(Number);
  const target = new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 7);
  const last = lastOfMonth(target);
  const same = `${target}-${date.slice(8)}`;
  return same < last ? same : last;
}

/** The first instant of a day on the user's own clock, also where midnight is left out or comes twice. */
export function beginningOf(day: string): string {
  const at = Date.parse(toInstant(day, "00:00"));
  const iso = (time: number) => new Date(time).toISOString();
  if (toDate(iso(at)) < day) return iso(at + HOUR);
  return toDate(iso(at - HOUR)) === day ? iso(at - HOUR) : iso(at);
}

/** The instants between which a row of days lies; the second is no more in it. */
export function instantsOf(days: string[]): { from: string; to: string } {
  const [first = "", last = first] = [days[0], days.at(-1)];
  return { from: beginningOf(first), to: beginningOf(addDays(last, 1)) };
}
