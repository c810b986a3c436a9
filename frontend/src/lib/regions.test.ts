import { expect, test } from "vitest";
import { findCountries } from "./countries";
import { formatBirthday } from "./format";
import { countryName, languageName } from "./regions";
import { findZones } from "./zones";

test("countries are found by their name in the language, or by their letters", () => {
  expect(findCountries("德国", "zh-CN")).toEqual([{ id: "DE", name: "德国" }]);
  expect(findCountries("germ", "en")).toEqual([{ id: "DE", name: "Germany" }]);
  expect(findCountries("cn", "en").map(({ id }) => id)).toContain("CN");
  expect(findCountries("nowhere", "en")).toEqual([]);
});

test("what is no code at all stands as it is", () => {
  expect(countryName("??", "en")).toBe("??");
  expect(languageName("x x", "en")).toBe("x x");
  expect(languageName("ja", "zh-CN")).toBe("日语");
});

test("time zones are found by any part of their name", async () => {
  expect((await findZones("new york")).map(({ id }) => id)).toContain("America/New_York");
  expect((await findZones("")).length).toBe(50);
});

test("a birthday without its year is a day", () => {
  expect(formatBirthday({ month: 2, day: 29 }, "zh-CN")).toBe("2月29日");
  expect(formatBirthday({ month: 2, day: 29, year: 1992 }, "zh-CN")).toBe("1992年2月29日");
  expect(formatBirthday({ month: 5, day: 6, year: null }, "en")).toBe("May 6");
});
