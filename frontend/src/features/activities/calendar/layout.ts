import type { Activity } from "@/api/types";
import { addDays, toDate, toTime } from "@/lib/format";

/** Minutes of a day. */
export const DAY = 1_440;
/** What takes less is drawn as long as this, in minutes. */
export const LEAST = 30;

const MINUTE = 60_000;

/** A part of a day, in minutes of the clock on the wall. */
interface Span {
  start: number;
  end: number;
}

/** An activity on one of its days. */
export interface Entry extends Span {
  activity: Activity;
  /** Whether it begins on this day. */
  isFirst: boolean;
}

/** An activity of a day with its place among those at the same time. */
export interface Placed extends Entry {
  column: number;
  columns: number;
}

/** When an activity stands in the calendar: when it is planned, else when it was. */
export function timeOf({ due_at, happened_at }: Activity): string | null {
  return due_at ?? happened_at;
}

/** The minutes since midnight a clock shows, `14:30`. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The time of some minutes since midnight, `14:30`. */
export function clock(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function endOf({ duration_minutes }: Activity, at: string): number {
  return Date.parse(at) + Math.max(1, duration_minutes ?? 0) * MINUTE;
}

/** The days an activity takes, with the part of each by the user's own clock. */
function entriesOf(activity: Activity): (Entry & { day: string })[] {
  const at = timeOf(activity);
  if (at === null) return [];
  const last = new Date(endOf(activity, at) - 1).toISOString();
  const [first, lastDay] = [toDate(at), toDate(last)];
  const entries: (Entry & { day: string })[] = [];
  for (let day = first; day <= lastDay; day = addDays(day, 1)) {
    const start = day === first ? minutesOf(toTime(at)) : 0;
    const end = day === lastDay ? minutesOf(toTime(last)) + 1 : DAY;
    // In the night the clocks go back, something may end by the clock before it began.
    entries.push({ day, activity, start, end: Math.max(end, start), isFirst: day === first });
  }
  return entries;
}

/** What stands on each day, in the order of the clock; days without anything are left out. */
export function byDay(activities: Activity[]): Map<string, Entry[]> {
  const days = new Map<string, Entry[]>();
  for (const { day, ...entry } of activities.flatMap(entriesOf)) {
    const entries = days.get(day);
    if (entries) entries.push(entry);
    else days.set(day, [entry]);
  }
  for (const entries of days.values()) {
    entries.sort((a, b) => a.start - b.start || b.end - a.end);
  }
  return days;
}

/** What is drawn of a span: never less than can be read, never past midnight. */
function drawn({ start, end }: Span): Span {
  const top = Math.min(start, DAY - LEAST);
  return { start: top, end: Math.min(DAY, Math.max(end, top + LEAST)) };
}

/** From when on a day is seen first. */
const MORNING = 7.5 * 60;
/** What takes no longer is rather seen whole. */
const SHORT = 60;

/** The minute from which days are seen first: the morning, or a little earlier where of something short only a rim would be left. */
export function seenFrom(days: Iterable<Entry[]>): number {
  const short = [...days]
    .flat()
    .map(drawn)
    .filter(({ start, end }) => end - start <= SHORT);
  let from = MORNING;
  const isCut = ({ start, end }: Span) => start < from && end > from && end < from + LEAST;
  for (let cut = short.find(isCut); cut; cut = short.find(isCut)) from = cut.start;
  return from;
}

/** The activities of a day, those at the same time side by side. */
export function layOut(entries: Entry[]): Placed[] {
  const placed: Placed[] = [];
  let group: Placed[] = [];
  const close = () => {
    const columns = Math.max(0, ...group.map(({ column }) => column + 1));
    for (const one of group) one.columns = columns;
    group = [];
  };
  for (const entry of entries) {
    const span = drawn(entry);
    if (group.every(({ end }) => end <= span.start)) close();
    const busy = new Set(group.filter(({ end }) => end > span.start).map(({ column }) => column));
    let column = 0;
    while (busy.has(column)) column += 1;
    const one = { ...entry, ...span, column, columns: 1 };
    group.push(one);
    placed.push(one);
  }
  close();
  return placed;
}
