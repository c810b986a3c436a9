import { fireEvent, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { cn } from "./cn";
import {
  addDays,
  daysFromToday,
  formatDate,
  formatDuration,
  formatInstant,
  formatMoney,
  formatMoneyShort,
  formatPercent,
  setFormatZone,
  toDate,
  toInstant,
  toTime,
} from "./format";
import { formatAmountInput, parseAmountInput } from "./money";
import { parseSearch, stringifySearch, toList } from "./search-params";
import { keyParts, useShortcuts } from "./shortcuts";
import { isDark, setTheme, storedTheme } from "./theme";

test("money is written as each language does, without floats", () => {
  expect(formatMoneyShort({ amount: "858000.00", currency: "CNY" }, "zh-CN")).toBe("¥85.8万");
  expect(formatMoneyShort({ amount: "858000.00", currency: "CNY" }, "en")).toBe("¥858K");
  expect(formatMoney({ amount: "858000.00", currency: "CNY" }, "zh-CN")).toBe("¥858,000");
  expect(formatMoney({ amount: "9999999999999.99", currency: "USD" }, "en")).toBe(
    "$9,999,999,999,999.99",
  );
  expect(formatMoney({ amount: "1280", currency: "JPY" }, "en")).toBe("¥1,280");
});

test("dates are never shifted, instants are shown in the zone of the user", () => {
  expect(formatDate("2026-11-21", "zh-CN")).toBe("2026年11月21日");
  expect(formatDate("2026-11-21", "en")).toBe("Nov 21, 2026");
  setFormatZone("Asia/Shanghai");
  expect(formatInstant("2026-11-20T17:30:00Z", "zh-CN")).toContain("2026年11月21日");
  expect(toDate("2026-11-20T17:30:00Z")).toBe("2026-11-21");
  expect(daysFromToday("2026-11-20", new Date("2026-11-20T17:30:00Z"))).toBe(-1);
  setFormatZone(undefined);
});

test("a date and a time are those of the user's own clock", () => {
  setFormatZone("Asia/Shanghai");
  expect(toInstant("2026-11-21", "09:30")).toBe("2026-11-21T01:30:00.000Z");
  expect(toTime("2026-11-21T01:30:00Z")).toBe("09:30");
  setFormatZone("America/New_York");
  expect(toInstant("2026-03-08", "12:00")).toBe("2026-03-08T16:00:00.000Z");
  expect(toInstant("2026-03-07", "12:00")).toBe("2026-03-07T17:00:00.000Z");
  expect(toInstant("2026-11-01", "23:30")).toBe("2026-11-02T04:30:00.000Z");
  setFormatZone(undefined);
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});

test("lengths of time and shares", () => {
  expect(formatDuration(3 * 86_400, "en")).toBe("3 days");
  expect(formatDuration(5, "en")).toBe("1 minute");
  expect(formatPercent(40, "en")).toBe("40%");
});

test.each([
  ["1,280.50", "1280.50"],
  ["¥ 858000", "858000"],
  ["85.8万", "858000"],
  ["1.2345万", "12345"],
  ["0.00001万", "0.1"],
  ["3亿", "300000000"],
  ["12k", "12000"],
  ["１２００", "1200"],
  ["-5", "-5"],
  ["abc", null],
  ["1.2.3", null],
])("the amount %s is read as %s", (typed, amount) => {
  expect(parseAmountInput(typed)).toBe(amount);
});

test("an amount is grouped for editing", () => {
  expect(formatAmountInput("1280000.00")).toBe("1,280,000");
  expect(formatAmountInput("1280000.50")).toBe("1,280,000.50");
  expect(formatAmountInput("abc")).toBe("abc");
});

test("the address keeps texts and lists", () => {
  const text = "?status=new&status=a%2C%20b&q=%E4%BA%91";
  const values = parseSearch(text);
  expect(values).toEqual({ status: ["new", "a, b"], q: "云" });
  expect(parseSearch(stringifySearch(values))).toEqual(values);
  expect(stringifySearch({ q: "", status: [] })).toBe("");
  expect(toList("x")).toEqual(["x"]);
  expect(toList([])).toBeUndefined();
});

test("shortcuts do not fire while typing, composing, or in a dialog", () => {
  document.body.innerHTML =
    "<input id='i'><div role='dialog'><button id='d'></button></div><button id='b'></button>";
  const fire = vi.fn();
  const save = vi.fn();
  renderHook(() => useShortcuts({ c: fire, "$mod+s": save }));
  const press = (id: string, init: KeyboardEventInit) => {
    const target = document.getElementById(id);
    if (target) fireEvent.keyDown(target, init);
  };
  press("i", { key: "c" });
  press("d", { key: "c" });
  press("b", { key: "c", isComposing: true });
  expect(fire).not.toHaveBeenCalled();
  press("b", { key: "c" });
  expect(fire).toHaveBeenCalledOnce();
  press("i", { key: "s", ctrlKey: true });
  expect(save).toHaveBeenCalledOnce();
  document.body.innerHTML = "";
});

test("the end of a sequence is no shortcut of its own", () => {
  document.body.innerHTML = "<button id='b'></button>";
  const [single, sequence] = [vi.fn(), vi.fn()];
  renderHook(() => useShortcuts({ t: single, "g t": sequence }));
  const press = (key: string) =>
    fireEvent.keyDown(document.getElementById("b") as HTMLElement, { key });
  press("g");
  press("t");
  expect(sequence).toHaveBeenCalledOnce();
  expect(single).not.toHaveBeenCalled();
  press("t");
  expect(single).toHaveBeenCalledOnce();
  document.body.innerHTML = "";
});

test("a shortcut is split into its caps", () => {
  expect(keyParts("g l").map((part) => part.label)).toEqual(["G", "L"]);
  expect(keyParts("Enter")[0]?.label).toBe("↵");
});

test("the theme is stored and applied", () => {
  setTheme("dark");
  expect(document.documentElement.classList.contains("dark")).toBe(true);
  expect(isDark()).toBe(true);
  setTheme("light");
  expect(document.documentElement.classList.contains("dark")).toBe(false);
  expect(storedTheme()).toBe("light");
});

test("our own font sizes are not taken for colours", () => {
  expect(cn("text-sm text-fg3", "text-xs")).toBe("text-fg3 text-xs");
});
