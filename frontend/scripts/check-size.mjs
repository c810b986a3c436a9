// Weighs the JavaScript a browser must load for each route and fails when a bar is crossed.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The routes a visit may begin with: the texts they show, and how much they may weigh in all, in kB. */
const FIRST_LOADS = {
  "src/routes/list.lazy.tsx": { isFramed: true, texts: ["common.json", "app.ts"], limit: 231 },
  "src/routes/home.lazy.tsx": {
    isFramed: true,
    texts: ["common.json", "app.ts", "home.json"],
    limit: 224,
  },
  "src/routes/setup.lazy.tsx": { texts: ["common.json", "auth.json"], limit: 188 },
  "src/routes/sign-in.lazy.tsx": { texts: ["common.json", "auth.json"], limit: 184 },
};
/** What any route may weigh beyond a list, in kB. */
const ROUTE_LIMIT = 48;

const ENTRY = "index.html";
const FRAME_ROUTE = "src/routes/app.lazy.tsx";
const LIST_ROUTE = "src/routes/list.lazy.tsx";
const FLOATING = "src/ui/floating.ts";
const LANGUAGES = ["zh-CN", "en"];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the build manifest`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const weigh = (files) =>
  [...files]
    .filter((file) => file.endsWith(".js"))
    .reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0);

function firstFiles(route, language) {
  const { isFramed, texts } = FIRST_LOADS[route];
  const keys = texts.map((name) => `src/locales/${language}/${name}`);
  const files = new Set();
  // Every page behind the sign-in stands in the frame.
  for (const key of [ENTRY, ...keys, ...(isFramed ? [FRAME_ROUTE] : []), route]) {
    filesOf(key, files);
  }
  return files;
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
const failures = [];
const report = (name, size, limit) => {
  process.stdout.write(`${name.padEnd(44)} ${kib(size).padStart(10)} of ${kib(limit * 1024)}\n`);
  if (size > limit * 1024) failures.push(name);
};

for (const [route, { limit }] of Object.entries(FIRST_LOADS)) {
  const sizes = LANGUAGES.map((language) => weigh(firstFiles(route, language)));
  report(`first load of ${route}`, Math.max(...sizes), limit);
}
// Menus and popovers are loaded right after the first paint, before anyone can go further.
const warm = filesOf(FLOATING, firstFiles(LIST_ROUTE, LANGUAGES[0]));
for (const key of Object.keys(manifest).filter((key) => key.startsWith("src/routes/"))) {
  report(key, weigh([...filesOf(key)].filter((file) => !warm.has(file))), ROUTE_LIMIT);
}
if (failures.length > 0) {
  process.stderr.write(`too large: ${failures.join(", ")}\n`);
  process.exit(1);
}
