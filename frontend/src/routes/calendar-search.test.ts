import { expect, test } from "vitest";
import { validateCalendarSearch } from "./calendar-search";

test("the calendar keeps the views and dates there are", () => {
  const whole = { view: "week", date: "2028-02-29", whose: "team" };
  expect(validateCalendarSearch({ ...whole, page: "2" })).toEqual(whole);
  for (const date of ["2026-02-29", "2026-13-01", "today", "", ["2026-01-01"]]) {
    expect(validateCalendarSearch({ view: "year", date, whose: "me" })).toEqual({});
  }
});
