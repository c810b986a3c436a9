import assert from "node:assert/strict";
import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LIBRARIES = "/usr/lib";

/** Debian's libfaketime, wherever this machine's architecture has it. */
function fakeTime() {
  const found = readdirSync(LIBRARIES)
    .map((place) => join(LIBRARIES, place, "faketime/libfaketimeMT.so.1"))
    .find((path) => existsSync(path));
  assert.ok(found, "libfaketime is not installed: tools/setup faults");
  return found;
}

/**
 * The clock on the wall of a program that is started with its `environment`: in step with the real one until it is moved.
 * Timers go on as they do, so that only what asks for the date lives in another time. `folder` holds how far it is ahead.
 */
export function movableClock(folder) {
  const file = join(folder, "ahead");
  let ahead = 0;
  function write() {
    // The program reads whenever it asks for the time, and must never find half a number.
    writeFileSync(`${file}.new`, `+${ahead}\n`);
    renameSync(`${file}.new`, file);
  }
  write();
  return {
    environment: {
      LD_PRELOAD: fakeTime(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    },
    /** What it shows, in milliseconds. */
    now: () => Date.now() + ahead * 1000,
    /** Moves it on to a moment, given in milliseconds. Nothing here ever goes back. */
    goTo(moment) {
      const next = Math.ceil((moment - Date.now()) / 1000);
      assert.ok(next >= ahead, `it is later than ${new Date(moment).toISOString()} already`);
      ahead = next;
      write();
    },
  };
}

/** The date of a moment in a zone, `2026-11-30`. */
export function localDay(moment, zone) {
  return new Date(moment).toLocaleDateString("sv-SE", { timeZone: zone });
}

/** The moment at which the clocks of a zone show `09:00` on a date, in milliseconds. */
export function momentOf(date, time, zone) {
  const asIfUtc = Date.parse(`${date}T${time}Z`);
  const shown = new Date(asIfUtc).toLocaleString("sv-SE", { timeZone: zone });
  return asIfUtc - (Date.parse(`${shown.replace(" ", "T")}Z`) - asIfUtc);
}

/** A date some days later. */
export function daysLater(date, days) {
  return new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
