import { afterEach, expect, test, vi } from "vitest";
import { setFormatZone } from "@/lib/format";
import { snoozeTimes } from "./snooze";

afterEach(() => {
  vi.useRealTimers();
  setFormatZone(undefined);
});

function timesAt(instant: string) {
  setFormatZone("Asia/Shanghai");
  vi.useFakeTimers({ now: new Date(instant), toFake: ["Date"] });
  return snoozeTimes(new Date()).map(({ id, at }) => [id, at]);
}

test("something is put off for an hour, or to nine in the morning of the user", () => {
  // A Wednesday in Shanghai.
  expect(timesAt("2026-11-18T06:00:00Z")).toEqual([
    ["hour", "2026-11-18T07:00:00.000Z"],
    ["tomorrow", "2026-11-19T01:00:00.000Z"],
    ["monday", "2026-11-23T01:00:00.000Z"],
  ]);
});

test("on a Sunday, tomorrow is Monday", () => {
  expect(timesAt("2026-11-22T06:00:00Z").map(([id]) => id)).toEqual(["hour", "tomorrow"]);
});
