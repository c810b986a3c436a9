import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { nextMonday, tomorrow } from "@/lib/days";
import { setFormatZone } from "@/lib/format";
import { activity } from "@/test/samples";
import {
  blank,
  canBeKept,
  canRemind,
  changesOf,
  creationOf,
  draftOf,
  isPlanned,
  ownTitle,
} from "./draft";

const lead = { type: "lead" as const, id: "l-1" };

beforeAll(() => {
  setFormatZone("Asia/Shanghai");
  vi.useFakeTimers({ now: new Date("2026-11-18T06:00:00Z"), toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
  setFormatZone(undefined);
});

test("a call that was just made says who called and what came of it", () => {
  const draft = {
    ...blank("call"),
    text: " 已约周五 ",
    outcome: "reached" as const,
    minutes: "10",
  };
  expect(creationOf(draft, [lead])).toEqual({
    kind: "call",
    about: [lead],
    body: "已约周五",
    direction: "outbound",
    outcome: "reached",
    duration_minutes: 10,
  });
  expect(creationOf({ ...draft, date: "2026-11-17", time: "09:00" }, [lead])).toMatchObject({
    happened_at: "2026-11-17T01:00:00.000Z",
  });
});

test("what lies ahead is planned", () => {
  const meeting = { ...blank("meeting"), text: "x", date: "2026-11-20", time: "10:00" };
  expect(creationOf(meeting, [lead]).due_at).toBe("2026-11-20T02:00:00.000Z");
  expect(isPlanned(meeting)).toBe(true);
  expect(isPlanned({ ...meeting, date: null, time: "15:00" })).toBe(true);
  expect(isPlanned({ ...meeting, date: null, time: "13:00" })).toBe(false);
});

test("the first line of a task is its name; its day ends at six", () => {
  const task = { ...blank("task"), text: "Send the offer\nwith discount", date: "2026-11-20" };
  expect(creationOf(task, [])).toEqual({
    kind: "task",
    about: [],
    name: "Send the offer",
    body: "with discount",
    due_at: "2026-11-20T10:00:00.000Z",
    priority: "normal",
  });
});

test("a next step is planned in the same breath", () => {
  const note = { ...blank("note"), text: "x", followUp: "2026-11-21" };
  expect(creationOf(note, [lead]).follow_up).toEqual({ due_at: "2026-11-21T10:00:00.000Z" });
});

test("an empty note is not kept, a call nobody answered is", () => {
  expect(canBeKept({ ...blank("note"), outcome: "reached" })).toBe(false);
  expect(canBeKept({ ...blank("call"), outcome: "not_reached" })).toBe(true);
});

test("only what was edited is sent; a name taken from the text follows it", () => {
  const note = activity("a-1", {
    kind: "note",
    status: "done",
    name: "Likes tea",
    body: "Likes **tea** a lot",
    happened_at: "2026-11-17T01:00:00Z",
  });
  const draft = draftOf(note);
  expect(changesOf(draft, note)).toEqual({});
  expect(changesOf({ ...draft, text: "Likes coffee" }, note)).toEqual({
    body: "Likes coffee",
    name: null,
  });
  expect(changesOf({ ...draft, date: "2026-11-16" }, note)).toEqual({
    happened_at: "2026-11-16T01:00:00.000Z",
  });
  expect(ownTitle(note)).toBeNull();
  expect(ownTitle({ ...note, name: "Visit in May" })).toBe("Visit in May");
  const task = activity("a-2", { due_at: "2026-11-20T10:00:00Z" });
  expect(changesOf({ ...draftOf(task), date: null, priority: "high" }, task)).toEqual({
    due_at: null,
    priority: "high",
  });
});

test("days to put something off to", () => {
  expect(tomorrow()).toBe("2026-11-19");
  expect(nextMonday()).toBe("2026-11-23");
});

test("only a task with a day comes again", () => {
  const repeat = { every: "week" as const, interval: "", until: null };
  const task = { ...blank("task"), text: "x", repeat };
  expect(creationOf(task, [])).not.toHaveProperty("repeat");
  const dated = { ...task, date: "2026-11-20" };
  expect(creationOf(dated, []).repeat).toEqual({ every: "week", interval: 1, until: null });
  expect(creationOf({ ...dated, kind: "call" }, [])).not.toHaveProperty("repeat");
});

const AMY = { id: "0190b9a0-0000-7000-8000-000000000001", name: "Amy Liu" };
const KEPT = `@[Amy Liu](user:${AMY.id})`;

test("a note that mentions somebody is kept with who is meant, and edited as it was typed", () => {
  const note = { ...blank("note"), text: "Ask @Amy Liu", mentions: [AMY] };
  expect(creationOf(note, [lead]).body).toBe(`Ask ${KEPT}`);
  const old = activity("a-1", {
    kind: "note",
    status: "done",
    name: "Ask @Amy Liu",
    body: `Ask ${KEPT}`,
    mentions: [AMY],
  });
  const draft = draftOf(old);
  expect(draft).toMatchObject({ text: "Ask @Amy Liu", mentions: [AMY] });
  expect(ownTitle(old)).toBeNull();
  expect(changesOf(draft, old)).toEqual({});
  expect(changesOf({ ...draft, text: "Ask @Amy Liu now" }, old)).toEqual({
    name: null,
    body: `Ask ${KEPT} now`,
  });
});

test("a task whose first line mentions somebody keeps that line in its text too, and shows it once", () => {
  const task = { ...blank("task"), text: "Ask @Amy Liu\nfor help", mentions: [AMY] };
  const { name, body } = creationOf(task, []);
  expect({ name, body }).toEqual({ name: "Ask @Amy Liu", body: `Ask ${KEPT}\nfor help` });
  const old = activity("a-1", { name: "Ask @Amy Liu", body: body ?? null, mentions: [AMY] });
  expect(draftOf(old).text).toBe("Ask @Amy Liu\nfor help");
  expect(ownTitle(old)).toBeNull();
  expect(changesOf(draftOf(old), old)).toEqual({});
  expect(changesOf({ ...draftOf(old), text: "Ask nobody" }, old)).toEqual({
    name: "Ask nobody",
    body: null,
  });
});

test("a first line that is too long for a name is edited as one", () => {
  const line = "long ".repeat(50).trim();
  const { name, body } = creationOf({ ...blank("task"), text: line }, []);
  expect(name?.length).toBeLessThanOrEqual(200);
  const old = activity("a-1", { name: name ?? "", body: body ?? null });
  expect(draftOf(old).text).toBe(line);
});

test("who is to be reminded ahead is, and the reminder moves along with the day", () => {
  const task = { ...blank("task"), text: "x", date: "2026-11-20", time: "10:00", remindAhead: 60 };
  expect(creationOf(task, []).reminder_at).toBe("2026-11-20T01:00:00.000Z");
  expect(creationOf({ ...task, remindAhead: 0 }, [])).not.toHaveProperty("reminder_at");
  expect(creationOf({ ...task, date: null }, [])).not.toHaveProperty("reminder_at");
  expect(canRemind({ ...task, date: null })).toBe(false);
  expect(canRemind({ ...task, kind: "note" })).toBe(false);
  expect(canRemind({ ...task, kind: "meeting" })).toBe(true);
  expect(canRemind({ ...task, kind: "meeting", date: "2026-11-10" })).toBe(false);

  const old = activity("a-1", {
    due_at: "2026-11-20T02:00:00Z",
    reminder_at: "2026-11-20T01:50:00Z",
  });
  const draft = draftOf(old);
  expect(draft.remindAhead).toBe(10);
  expect(changesOf(draft, old)).toEqual({});
  expect(changesOf({ ...draft, date: "2026-11-21" }, old)).toEqual({
    due_at: "2026-11-21T02:00:00.000Z",
    reminder_at: "2026-11-21T01:50:00.000Z",
  });
  expect(changesOf({ ...draft, remindAhead: 0 }, old)).toEqual({ reminder_at: null });
  expect(changesOf({ ...draft, date: null }, old)).toEqual({ due_at: null, reminder_at: null });
});

test("a rule that was changed or taken away is sent", () => {
  const rule = { every: "month" as const, interval: 2, until: "2027-01-31" };
  const old = activity("a-1", { due_at: "2026-11-20T10:00:00Z", repeat: rule });
  const draft = draftOf(old);
  expect(changesOf(draft, old)).toEqual({});
  expect(changesOf({ ...draft, repeat: null }, old)).toEqual({ repeat: null });
  expect(changesOf({ ...draft, date: null }, old)).toEqual({ due_at: null, repeat: null });
});
