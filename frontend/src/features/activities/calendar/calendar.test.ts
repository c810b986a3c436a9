import { afterEach, expect, test } from "vitest";
import type { Activity } from "@/api/types";
import { setFormatZone } from "@/lib/format";
import { activity } from "@/test/samples";
import { byDay, layOut, seenFrom } from "./layout";
import { beginningOf, daysOf, instantsOf, mondayOf, moved, weeksOf } from "./range";

afterEach(() => setFormatZone(undefined));

const on = (activities: Activity[], day: string) => byDay(activities).get(day) ?? [];

/** The part of a day an activity takes; null where it is not on that day. */
function spanOn(one: Activity, day: string) {
  const [entry] = on([one], day);
  return entry ? { start: entry.start, end: entry.end } : null;
}

const at = (due_at: string, duration_minutes: number | null = null, id = due_at) =>
  activity(id, { due_at, duration_minutes });

test("weeks begin on Monday, also on a Sunday and across the year", () => {
  expect(mondayOf("2026-11-29")).toBe("2026-11-23");
  expect(mondayOf("2026-11-23")).toBe("2026-11-23");
  expect(daysOf("week", "2027-01-01")).toEqual(
    ["28", "29", "30", "31"]
      .map((day) => `2026-12-${day}`)
      .concat(["01", "02", "03"].map((day) => `2027-01-${day}`)),
  );
  expect(daysOf("day", "2026-11-26")).toEqual(["2026-11-26"]);
});

test("a month is whole weeks, as few as it needs", () => {
  const days = daysOf("month", "2026-11-26");
  expect([days[0], days.at(-1), days.length]).toEqual(["2026-10-26", "2026-12-06", 42]);
  // February 2027 begins on a Monday and has 28 days.
  expect(daysOf("month", "2027-02-14")).toHaveLength(28);
  expect(daysOf("month", "2028-02-29").at(-1)).toBe("2028-03-05");
  expect(weeksOf(days).every((week) => week.length === 7)).toBe(true);
});

test("from the end of a month one comes to the end of a shorter one", () => {
  expect(moved("month", "2026-01-31", 1)).toBe("2026-02-28");
  expect(moved("month", "2026-03-31", -1)).toBe("2026-02-28");
  expect(moved("month", "2028-01-30", 1)).toBe("2028-02-29");
  expect(moved("month", "2026-12-15", 1)).toBe("2027-01-15");
  expect(moved("week", "2026-12-28", 1)).toBe("2027-01-04");
  expect(moved("day", "2026-03-01", -1)).toBe("2026-02-28");
});

test("a day is 23 or 25 hours long where the clocks change", () => {
  setFormatZone("Europe/Berlin");
  const hours = (day: string) => {
    const { from, to } = instantsOf([day]);
    return (Date.parse(to) - Date.parse(from)) / 3_600_000;
  };
  expect([hours("2026-03-28"), hours("2026-03-29"), hours("2026-10-25")]).toEqual([24, 23, 25]);
  expect(beginningOf("2026-03-29")).toBe("2026-03-28T23:00:00.000Z");
});

test("a day begins where its midnight is left out, and with the first of two midnights", () => {
  setFormatZone("America/Santiago");
  expect(beginningOf("2026-09-06")).toBe("2026-09-06T04:00:00.000Z");
  setFormatZone("Asia/Beirut");
  expect(beginningOf("2026-03-29")).toBe("2026-03-28T22:00:00.000Z");
  setFormatZone("America/Havana");
  expect(beginningOf("2026-11-01")).toBe("2026-11-01T04:00:00.000Z");
});

test("things stand by the clock on the wall", () => {
  setFormatZone("Europe/Berlin");
  // 09:00 in winter and in summer.
  expect(spanOn(at("2026-03-28T08:00:00Z", 60), "2026-03-28")).toEqual({ start: 540, end: 600 });
  expect(spanOn(at("2026-03-29T07:00:00Z", 60), "2026-03-29")).toEqual({ start: 540, end: 600 });
  // 02:30 comes twice on the day the clocks go back; both stand there, side by side.
  const twice = [at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")];
  expect(
    layOut(on(twice, "2026-10-25")).map(({ start, column, columns }) => [start, column, columns]),
  ).toEqual([
    [150, 0, 2],
    [150, 1, 2],
  ]);
  // From 02:30 to a quarter past 02 an hour later: no negative lengths.
  expect(spanOn(at("2026-10-25T00:30:00Z", 45), "2026-10-25")).toEqual({ start: 150, end: 150 });
});

test("what goes over midnight stands on both days", () => {
  setFormatZone("Asia/Shanghai");
  const night = at("2026-11-30T15:00:00Z", 120);
  expect(spanOn(night, "2026-11-30")).toEqual({ start: 1380, end: 1440 });
  expect(spanOn(night, "2026-12-01")).toEqual({ start: 0, end: 60 });
  expect(spanOn(night, "2026-12-02")).toBeNull();
  // What ends at midnight is not on the day after.
  expect(spanOn(at("2026-11-30T15:00:00Z", 60), "2026-12-01")).toBeNull();
});

test("overlaps share the width, what follows has all of it again", () => {
  setFormatZone("UTC");
  const all = [
    at("2026-11-26T09:00:00Z", 120, "long"),
    at("2026-11-26T09:30:00Z", 30, "in"),
    at("2026-11-26T10:00:00Z", null, "after"),
    at("2026-11-26T11:00:00Z", 60, "alone"),
    at("2026-11-26T23:50:00Z", null, "late"),
  ];
  const places = layOut(on(all, "2026-11-26")).map((one) => [
    one.activity.id,
    one.column,
    one.columns,
  ]);
  expect(places).toEqual([
    ["long", 0, 2],
    ["in", 1, 2],
    ["after", 1, 2],
    ["alone", 0, 1],
    ["late", 0, 1],
  ]);
  expect(layOut(on(all, "2026-11-26")).at(-1)).toMatchObject({ start: 1410, end: 1440 });
});

test("a day is seen from half past seven, or from what would be cut there", () => {
  setFormatZone("UTC");
  const seen = (...all: Activity[]) => seenFrom(byDay(all).values());
  expect(seen()).toBe(450);
  expect(seen(at("2026-11-26T07:00:00Z", 30), at("2026-11-26T07:30:00Z", 30))).toBe(450);
  // Of it a rim of ten minutes would be left, and of what is before it then, too.
  expect(seen(at("2026-11-26T07:10:00Z", null), at("2026-11-26T06:45:00Z", 45, "b"))).toBe(405);
  // Enough is left to read and to press; and for what is long nobody is to see the night.
  expect(seen(at("2026-11-26T07:05:00Z", 55))).toBe(450);
  expect(seen(at("2026-11-26T02:00:00Z", 345))).toBe(450);
});

test("what was done stands where it was planned, else where it was", () => {
  setFormatZone("UTC");
  const done = { status: "done" as const, happened_at: "2026-11-27T10:00:00Z" };
  const planned = activity("a", { ...done, due_at: "2026-11-26T09:00:00Z" });
  const noted = activity("b", done);
  const ids = (day: string) => on([noted, planned], day).map((entry) => entry.activity.id);
  expect([ids("2026-11-26"), ids("2026-11-27")]).toEqual([["a"], ["b"]]);
});
