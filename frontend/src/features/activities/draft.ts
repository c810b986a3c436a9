import type {
  About,
  Activity,
  ActivityInput,
  ActivityKind,
  Attachment,
  Direction,
  Outcome,
  Participant,
  Priority,
  Ref,
  Repeat,
} from "@/api/types";
import { traits } from "@/features/records/activity-kinds";
import { toDate, today, toInstant, toTime } from "@/lib/format";
import { isMentioning, readable, toKept, toTyped } from "./mentions";
import { minutesAhead, remindAt } from "./reminder";

/** An activity as people write it. */
export interface Draft {
  kind: ActivityKind;
  text: string;
  /** Who is meant by `@Name` in the text. */
  mentions: Ref[];
  direction: Direction;
  outcome: Outcome | null;
  /** When it was, or is to be; no date and no time is now, for a task none. */
  date: string | null;
  time: string;
  minutes: string;
  priority: Priority;
  /** Whose it is; nobody else's than the writer's while null. */
  owner: { id: string; name: string } | null;
  /** The day of the next step. */
  followUp: string | null;
  /** What a template says of the next step: when, and what it is. */
  nextStep: { at: string; name: string | null } | null;
  /** How a task with a day comes again; the number as it is typed. */
  repeat: (Omit<Repeat, "interval"> & { interval: string }) | null;
  /** How many minutes before it is due its owner is reminded. */
  remindAhead: number;
  /** Records that go with the one it is written at and were taken away, by id. */
  without: string[];
  /** Records it is also about. */
  more: About[];
  /** Who took part. */
  people: Participant[];
  attachments: Attached[];
}

/** A file at a draft; one that was sent for it, with when that was. */
export type Attached = Attachment & { created_at?: string };

/** What is due on a day is due until then. */
export const DUE_TIME = "18:00";
/** What happened on a day nobody gave an hour for. */
const NOON = "12:00";
const LONGEST_NAME = 200;

/** A draft nobody has written in. */
export function blank(kind: ActivityKind): Draft {
  return {
    kind,
    text: "",
    mentions: [],
    direction: "outbound",
    outcome: null,
    date: null,
    time: "",
    minutes: "",
    priority: "normal",
    owner: null,
    followUp: null,
    nextStep: null,
    repeat: null,
    remindAhead: 0,
    without: [],
    more: [],
    people: [],
    attachments: [],
  };
}

/** What a draft is about: the record it is written at, what goes with that, and what was added. */
export function recordsOf({ without, more }: Draft, fixed: About[], usual: About[]): About[] {
  const taken = new Set([...fixed, ...more].map(({ type }) => type));
  const kept = usual.filter(({ type, id }) => !taken.has(type) && !without.includes(id));
  return [...fixed, ...kept, ...more];
}

/** Whether there is enough in it to be kept. */
export function canBeKept({ kind, text, outcome, minutes, attachments }: Draft): boolean {
  if (text.trim() !== "") return true;
  // What a task is, its first line says.
  if (kind !== "task" && attachments.length > 0) return true;
  return (
    (traits[kind].hasOutcome && outcome !== null) || (traits[kind].hasDuration && minutes !== "")
  );
}

/** The name that the first line of a task makes. */
function nameOf(line: string): string {
  return readable(line).slice(0, LONGEST_NAME).trim();
}

/** Whether a first line is more than its name tells: too long, or it mentions somebody. */
function isKeptWhole(line: string): boolean {
  return readable(line).length > LONGEST_NAME || isMentioning(line);
}

/** The first line of a task is what is to be done; all else is written as one text. */
function wordsOf({ kind, text, mentions }: Draft): Partial<ActivityInput> {
  const whole = toKept({ text: text.trim(), mentions });
  if (kind !== "task") return { body: whole || null };
  const [first = "", ...rest] = whole.split("\n");
  if (isKeptWhole(first)) return { name: nameOf(first), body: whole };
  return { name: first.trim(), body: rest.join("\n").trim() || null };
}

/** Whether the text of a task begins with the line its name was made of. */
function isNameInBody({ name, body }: Activity): boolean {
  const [first = ""] = (body ?? "").split("\n");
  return isKeptWhole(first) && nameOf(first) === name;
}

function dueAt({ date, time }: Draft): string | null {
  return date === null ? null : toInstant(date, time || DUE_TIME);
}

/** What lies ahead is planned, what lies behind has happened; without date and time it is now. */
function whenOf(draft: Draft): Partial<ActivityInput> {
  const { kind, date, time } = draft;
  if (kind === "task") return { due_at: dueAt(draft) };
  if (kind === "note") return {};
  const day = date ?? today();
  if (day === today() && time === "") return {};
  if (day > today()) return { due_at: dueAt({ ...draft, date: day }) };
  const at = toInstant(day, time || NOON);
  return at > new Date().toISOString() ? { due_at: at } : { happened_at: at };
}

/** Only what has a day can come again. */
function repeatOf({ kind, date, repeat }: Draft): Repeat | null {
  if (kind !== "task" || date === null || repeat === null) return null;
  return { ...repeat, interval: Math.max(1, Number.parseInt(repeat.interval, 10) || 1) };
}

/** What is still to come and has a time can remind of itself. */
export function canRemind(draft: Draft): boolean {
  return draft.kind === "task" ? draft.date !== null : draft.kind !== "note" && isPlanned(draft);
}

/** When its owner is reminded of what is due; null is then. */
function reminderOf({ remindAhead }: Draft, due: string | null | undefined): string | null {
  return due ? remindAt(due, remindAhead) : null;
}

function minutesOf({ minutes }: Draft): number | null {
  const value = Number.parseInt(minutes, 10);
  return Number.isNaN(value) ? null : value;
}

/** Whether a draft is about something that is still to come. */
export function isPlanned(draft: Draft): boolean {
  return draft.kind === "task" || typeof whenOf(draft).due_at === "string";
}

/** The next step: at the hour of the template while its day stands. */
function followUpOf({ followUp, nextStep }: Draft): ActivityInput["follow_up"] {
  if (followUp === null) return null;
  const isAsFilled = nextStep !== null && toDate(nextStep.at) === followUp;
  return {
    due_at: isAsFilled ? nextStep.at : toInstant(followUp, DUE_TIME),
    ...(nextStep?.name && { name: nextStep.name }),
  };
}

/** Records and people are written by type and id. */
function refsOf<T extends Pick<About | Participant, "type" | "id">>(all: T[]) {
  return all.map(({ type, id }) => ({ type, id }) as Pick<T, "type" | "id">);
}

/** What is sent to note or plan it; members without a value are left out. */
export function creationOf(draft: Draft, about: Pick<About, "type" | "id">[]) {
  const { kind, owner, people, attachments } = draft;
  const has = traits[kind];
  const when = whenOf(draft);
  const input: Partial<ActivityInput> = {
    kind,
    about: refsOf(about),
    ...(people.length > 0 && { participants: refsOf(people) }),
    ...wordsOf(draft),
    ...when,
    reminder_at: reminderOf(draft, when.due_at),
    ...(has.hasDirection && { direction: draft.direction }),
    ...(has.hasOutcome && { outcome: draft.outcome }),
    ...(has.hasDuration && { duration_minutes: minutesOf(draft) }),
    ...(kind === "task" && {
      priority: draft.priority,
      owner_id: owner?.id ?? null,
      repeat: repeatOf(draft),
    }),
    ...(kind !== "task" && { follow_up: followUpOf(draft) }),
    ...(attachments.length > 0 && { attachments: attachments.map(({ id }) => id) }),
  };
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null),
  ) as Partial<ActivityInput>;
}

/** Blanks and the signs of Markdown aside. */
function bare(text: string): string {
  return text.replace(/[\s#*_`>~[\]()…-]+/g, "");
}

/** The name somebody gave it; null where it is only the beginning of the text. */
export function ownTitle(activity: Activity): string | null {
  const { kind, name, body } = activity;
  if (kind === "task") return isNameInBody(activity) ? null : name;
  if (body === null || bare(readable(body)).startsWith(bare(name))) return null;
  return name;
}

/** An activity as it is edited. */
export function draftOf(activity: Activity): Draft {
  const { kind, name, body, status, owner, due_at, reminder_at } = activity;
  const isWhole = kind !== "task" || isNameInBody(activity);
  const kept = isWhole ? (body ?? "") : [name, body].filter(Boolean).join("\n");
  const at = status === "open" ? activity.due_at : activity.happened_at;
  return {
    kind,
    ...toTyped(kept, activity.mentions),
    direction: activity.direction ?? "outbound",
    outcome: activity.outcome,
    date: at && toDate(at),
    time: at ? toTime(at) : "",
    minutes: activity.duration_minutes === null ? "" : String(activity.duration_minutes),
    priority: activity.priority,
    owner: owner && { id: owner.id, name: owner.name },
    followUp: null,
    nextStep: null,
    repeat: activity.repeat && {
      every: activity.repeat.every,
      interval: String(activity.repeat.interval),
      until: activity.repeat.until,
    },
    remindAhead: due_at === null ? 0 : minutesAhead(due_at, reminder_at),
    without: [],
    more: activity.about,
    people: activity.participants,
    attachments: activity.attachments,
  };
}

function timeChange(draft: Draft, { status }: Activity): Partial<ActivityInput> {
  if (status === "open") return { due_at: dueAt(draft) };
  if (draft.date === null) return {};
  return { happened_at: toInstant(draft.date, draft.time || NOON) };
}

/** A reminder keeps its distance to what is moved. */
function reminderChange(draft: Draft, was: Draft): Partial<ActivityInput> {
  const reminder_at = reminderOf(draft, dueAt(draft));
  return reminder_at === reminderOf(was, dueAt(was)) ? {} : { reminder_at };
}

/** Whether two lists name the same, in whatever order. */
function isSame(some: { id: string }[], others: { id: string }[]): boolean {
  const ids = new Set(others.map(({ id }) => id));
  return some.length === ids.size && some.every(({ id }) => ids.has(id));
}

/** What is sent of an edited activity. */
export function changesOf(draft: Draft, activity: Activity): Partial<ActivityInput> {
  const was = draftOf(activity);
  const words = wordsOf(draft);
  // A name taken from the text follows the text.
  const isNamed = draft.kind === "task" || ownTitle(activity) !== null;
  return {
    ...(draft.text.trim() !== was.text.trim() && (isNamed ? words : { ...words, name: null })),
    ...(draft.direction !== was.direction && { direction: draft.direction }),
    ...(draft.outcome !== was.outcome && { outcome: draft.outcome }),
    ...(draft.minutes !== was.minutes && { duration_minutes: minutesOf(draft) }),
    ...(draft.priority !== was.priority && { priority: draft.priority }),
    ...(draft.owner?.id !== was.owner?.id && { owner_id: draft.owner?.id ?? null }),
    ...((draft.date !== was.date || draft.time !== was.time) && timeChange(draft, activity)),
    ...(JSON.stringify(repeatOf(draft)) !== JSON.stringify(repeatOf(was)) && {
      repeat: repeatOf(draft),
    }),
    ...(activity.status === "open" && reminderChange(draft, was)),
    ...(!isSame(draft.more, was.more) && { about: refsOf(draft.more) }),
    ...(!isSame(draft.people, was.people) && { participants: refsOf(draft.people) }),
    ...(!isSame(draft.attachments, was.attachments) && {
      attachments: draft.attachments.map(({ id }) => id),
    }),
    ...(draft.followUp !== null && { follow_up: followUpOf(draft) }),
  };
}
