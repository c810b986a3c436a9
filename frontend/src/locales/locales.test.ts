import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourceFiles, translationKeys, usedKeys } from "@/test/keys";

const src = join(import.meta.dirname, "..");
const chinese = translationKeys(join(src, "locales/zh-CN"));
const english = translationKeys(join(src, "locales/en"));
const namespaces = readdirSync(join(src, "locales/en"))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));
const used = usedKeys(sourceFiles(src), namespaces);

test("both languages have the same keys", () => {
  expect([...english].filter((key) => !chinese.has(key))).toEqual([]);
  expect([...chinese].filter((key) => !english.has(key))).toEqual([]);
});

test("every key the sources name exists", () => {
  expect([...used.literal].filter((key) => !english.has(key)).sort()).toEqual([]);
});

test("every template finds at least one key", () => {
  const all = [...english];
  const lost = [...used.prefixes].filter((prefix) => !all.some((key) => key.startsWith(prefix)));
  expect(lost).toEqual([]);
});

test("no key is unused", () => {
  const prefixes = [...used.prefixes];
  const unused = [...english].filter(
    (key) => !used.literal.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  expect(unused).toEqual([]);
});
