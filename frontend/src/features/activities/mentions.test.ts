import { expect, test } from "vitest";
import { askedAt, readable, toKept, toTyped, withMention } from "./mentions";

const AMY = { id: "0190b9a0-0000-7000-8000-000000000001", name: "Amy Liu" };
const CHEN = { id: "0190b9a0-0000-7000-8000-000000000002", name: "陈思远" };
const kept = ({ id, name }: typeof AMY) => `@[${name}](user:${id})`;
const typed = (text: string, ...mentions: (typeof AMY)[]) => ({ text, mentions });

test("names are kept with who is meant, also between Chinese words", () => {
  expect(toKept(typed("请@陈思远看看，@Amy Liu。", CHEN, AMY))).toBe(
    `请${kept(CHEN)}看看，${kept(AMY)}。`,
  );
  expect(toKept(typed("@陈思远@Amy Liu", CHEN, AMY))).toBe(`${kept(CHEN)}${kept(AMY)}`);
});

test("a part of a word, an address and an escaped sign are no mention", () => {
  const amy = { ...AMY, name: "Amy" };
  const text = "x@Amy.com @Amyntas \\@Amy @amy";
  expect(toKept(typed(text, amy))).toBe(text);
});

test("the longer of two names that begin alike is meant", () => {
  const amy = { ...AMY, id: AMY.id.replace(/1$/, "9"), name: "Amy" };
  expect(toKept(typed("@Amy Liu and @Amy", amy, AMY))).toBe(`${kept(AMY)} and ${kept(amy)}`);
});

test("signs of a name that mean something elsewhere are kept as they are", () => {
  const odd = { ...AMY, name: "A. [x] \\ (b)*" };
  const text = toKept(typed(`hi @${odd.name}!`, odd));
  expect(text).toBe(`hi @[A. \\[x\\] \\\\ (b)*](user:${AMY.id})!`);
  expect(readable(text)).toBe(`hi @${odd.name}!`);
  expect(toTyped(text, [odd])).toEqual(typed(`hi @${odd.name}!`, odd));
});

test("what is kept is edited as it was typed, with present names; unknown people stay as they are", () => {
  const text = `${kept({ ...AMY, name: "Amy Old" })} and ${kept(CHEN)}`;
  expect(toTyped(text, [AMY])).toEqual(typed(`@Amy Liu and ${kept(CHEN)}`, AMY));
  expect(readable(text, [AMY])).toBe("@Amy Liu and @陈思远");
});

test("of two people of one name the second is written out", () => {
  const twin = { ...CHEN, id: AMY.id };
  const asked = { from: 5, to: 6, query: "" };
  const { written } = withMention(typed("@陈思远 @", CHEN), asked, twin);
  expect(written).toEqual(typed(`@陈思远 ${kept(twin)} `, CHEN));
  expect(toKept(written)).toBe(`${kept(CHEN)} ${kept(twin)} `);
  expect(toTyped(toKept(written), [CHEN, twin])).toEqual(written);
});

test("somebody is asked for after an @ at the beginning of a word", () => {
  const at = (text: string) => askedAt(typed(text, CHEN), text.length);
  expect(at("hello @am")).toEqual({ from: 6, to: 9, query: "am" });
  expect(at("请@")).toEqual({ from: 1, to: 2, query: "" });
  expect(at("请＠陈")).toEqual({ from: 1, to: 3, query: "陈" });
  expect(at("wang@exa")).toBeNull();
  expect(at("@am y")).toBeNull();
  // Who stands there already.
  expect(at("@陈思远")).toBeNull();
});

test("the name takes the place of what was typed, and the caret goes behind it", () => {
  const asked = { from: 3, to: 6, query: "am" };
  expect(withMention(typed("hi @am, ok"), asked, AMY)).toEqual({
    written: typed("hi @Amy Liu, ok", AMY),
    caret: 11,
  });
  const again = withMention(typed("@Amy Liu @a x", AMY), { from: 9, to: 11, query: "a" }, AMY);
  expect(again).toEqual({ written: typed("@Amy Liu @Amy Liu x", AMY), caret: 18 });
});
