// Weighs the JavaScript a browser must load for each route and fails when a bar is crossed.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const INITIAL_LIMIT = 260 * 1024;
const ROUTE_LIMIT = 60 * 1024;
const FRAME_ROUTE = "src/routes/app.lazy.tsx";
const FLOATING = "src/ui/floating.ts";
// Pages that stand before the sign-in are always the first to be loaded.
const FIRST_PAGES = ["src/routes/setup.lazy.tsx", "src/routes/sign-in.lazy.tsx"];
const LIST_ROUTE = "src/routes/list.lazy.tsx";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const weigh = (files) =>
  [...files]
    .filter((file) => file.endsWith(".js"))
    .reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0);

const languages = Object.keys(manifest).filter((key) =>
  /src\/locales\/[^/]+\/index\.ts$/.test(key),
);
const heaviestLanguage = languages.sort((a, b) => weigh(filesOf(b)) - weigh(filesOf(a)))[0];
const entry = filesOf("index.html");
if (heaviestLanguage) filesOf(heaviestLanguage, entry);
// Every page behind the sign-in stands in the frame.
const list = filesOf(LIST_ROUTE, filesOf(FRAME_ROUTE, new Set(entry)));

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
const failures = [];
const report = (name, size, limit) => {
  process.stdout.write(`${name.padEnd(44)} ${kib(size).padStart(10)} of ${kib(limit)}\n`);
  if (size > limit) failures.push(name);
};

if (!manifest[LIST_ROUTE]) throw new Error(`${LIST_ROUTE} is not in the build manifest`);
report("first load of the list route", weigh(list), INITIAL_LIMIT);
// Menus and popovers are loaded right after the first paint, before anyone can go further.
const warm = filesOf(FLOATING, new Set(list));
for (const key of Object.keys(manifest).filter((key) => key.startsWith("src/routes/"))) {
  if (FIRST_PAGES.includes(key)) {
    report(key, weigh(filesOf(key, new Set(entry))), INITIAL_LIMIT);
  } else {
    report(key, weigh([...filesOf(key)].filter((file) => !warm.has(file))), ROUTE_LIMIT);
  }
}
if (failures.length > 0) {
  process.stderr.write(`too large: ${failures.join(", ")}\n`);
  process.exit(1);
}
