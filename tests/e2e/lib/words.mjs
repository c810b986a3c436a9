import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NAMESPACES = ["activities", "assignment", "auth", "board", "bulk", "calendar", "common", "conversion", "desk", "files", "handover", "home", "jobs", "notifications", "pool", "records", "scoring", "settings", "shell", "shortcuts", "templates"];
const LOCALES = fileURLToPath(new URL("../../../frontend/src/locales", import.meta.url));

/** What the pages say in a language, by `namespace:key`, so that tests follow when a wording changes. */
export function words(language) {
  const texts = Object.fromEntries(
    NAMESPACES.map((name) => [name, JSON.parse(readFileSync(`${LOCALES}/${language}/${name}.json`, "utf8"))]),
  );
  return (key, values = {}) => {
    const [namespace, path] = key.split(":");
    const text = path.split(".").reduce((at, part) => at?.[part], texts[namespace]);
    assert.equal(typeof text, "string", `no text ${key} in ${language}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name] ?? ""));
  };
}

/** The names under which texts are grouped: where a text is missing, `group.word` is shown in its place. */
function groups() {
  const texts = NAMESPACES.flatMap((name) => Object.entries(JSON.parse(readFileSync(`${LOCALES}/en/${name}.json`, "utf8"))));
  return [...new Set(texts.filter(([, text]) => typeof text === "object").map(([group]) => group))];
}

/** Fails when a key stands on the page in place of its text. */
export async function checkWords(page, name) {
  const text = await page.evaluate(() => document.body.innerText);
  const keys = text.match(new RegExp(`\\b((${NAMESPACES.join("|")}):|(${groups().join("|")})\\.)[a-zA-Z][\\w.]+`, "g"));
  assert.equal(keys, null, `texts are missing on ${name}`);
}
