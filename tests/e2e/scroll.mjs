#!/usr/bin/env node
/**
 * Scrolls through a long list on the real server and tells how smoothly that went:
 *
 *     RAPPORT_BIN=… npm run scroll [-- CUSTOMERS [FOLDER]]
 *
 * Seeds CUSTOMERS (20,000), or takes a data folder that was seeded before, signs in and holds Page Down through
 * several thousand rows, then turns the wheel. Fails when the list stood blank, when a task held the page up for
 * long, or when the elements or the memory of the page grew with the rows scrolled past.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { openPage, startBrowser } from "./lib/browser.mjs";
import { startServer } from "./lib/server.mjs";

const size = Number(process.argv[2] ?? 20_000);
const seeded = process.argv[3];
const EMAIL = "ada@example.com";
const PASSWORD = "a-long-way-down";
const ROWS = 5_000;
/** What is still smooth: blanks no longer than a page takes to come, tasks a hand does not feel, bounds on growth. */
const BARS = { blankMs: 400, longestTaskMs: 200, elements: 4_000, heapMb: 150 };

function prepare(binary, data) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (seeded) cpSync(seeded, data, { recursive: true });
  else execFileSync(binary, ["seed", "--data", data, "--size", String(size)], { stdio: "inherit" });
  const user = ["user", "create", "--data", data, "--email", EMAIL, "--name", "Admin", "--role", "admin"];
  execFileSync(binary, user, { input: `${PASSWORD}\n`, stdio: ["pipe", "ignore", "inherit"] });
}

/** Notes in the page how long each frame took, how long tasks held it up, and for how long no row was in sight. */
function watchFrames() {
  const seen = { frames: [], tasks: [], blank: 0, longestBlank: 0, mostElements: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
  }).observe({ type: "longtask" });
  const grid = document.querySelector("[role='grid']");
  let last = performance.now();
  let blankSince = null;
  const look = (now) => {
    seen.frames.push(now - last);
    last = now;
    const box = grid.getBoundingClientRect();
    const at = [0.25, 0.5, 0.75].map((part) => document.elementFromPoint(box.left + 200, box.top + box.height * part));
    const isBlank = at.some((element) => !element?.closest("[role='row']"));
    if (!isBlank) blankSince = null;
    else blankSince ??= now;
    seen.longestBlank = Math.max(seen.longestBlank, blankSince === null ? 0 : now - blankSince);
    if (seen.frames.length % 30 === 0) {
      seen.mostElements = Math.max(seen.mostElements, document.getElementsByTagName("*").length);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  globalThis.seen = seen;
}

const rowInSight = (page) =>
  page.evaluate(() => Math.max(...[...document.querySelectorAll("[data-row]")].map((row) => row.ariaRowIndex ?? 0)));

async function heapMb(client) {
  await client.send("HeapProfiler.collectGarbage");
  const { usedSize } = await client.send("Runtime.getHeapUsage");
  return usedSize / 2 ** 20;
}

/** Figures since the last call, in a line of their own. */
async function figures(page, client, name) {
  const seen = await page.evaluate(() => {
    const now = structuredClone(globalThis.seen);
    Object.assign(globalThis.seen, { frames: [], tasks: [], longestBlank: 0, mostElements: 0 });
    return now;
  });
  const sorted = seen.frames.toSorted((a, b) => a - b);
  return {
    what: name,
    row: await rowInSight(page),
    frames: seen.frames.length,
    "median frame ms": Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    "frames over 50 ms": seen.frames.filter((ms) => ms > 50).length,
    "tasks over 50 ms": seen.tasks.length,
    "longest task ms": Math.round(Math.max(0, ...seen.tasks)),
    "longest blank ms": Math.round(seen.longestBlank),
    "most elements": seen.mostElements,
    "heap MB": Math.round(await heapMb(client)),
  };
}

/** A key held down repeats thirty times a second. */
async function holdPageDown(page) {
  await page.locator("[data-row]").first().focus();
  for (let press = 0; press < 1_500 && (await rowInSight(page)) < ROWS; press += 1) {
    await page.keyboard.down("PageDown");
    await page.waitForTimeout(33);
  }
  await page.keyboard.up("PageDown");
}

async function turnWheel(page) {
  const box = await page.getByRole("grid").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const goal = ROWS + 1_500;
  for (let turn = 0; turn < 1_500 && (await rowInSight(page)) < goal; turn += 1) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(16);
  }
}

function judge(lines) {
  const worst = (name) => Math.max(...lines.map((line) => line[name]));
  return [
    worst("longest blank ms") > BARS.blankMs && `no row was in sight for longer than ${BARS.blankMs} ms`,
    worst("longest task ms") > BARS.longestTaskMs && `a task held the page up for longer than ${BARS.longestTaskMs} ms`,
    worst("most elements") > BARS.elements && `the page grew beyond ${BARS.elements} elements`,
    worst("heap MB") > BARS.heapMb && `the page needs more than ${BARS.heapMb} MB`,
    lines.some(({ row }) => row < ROWS) && `fewer than ${ROWS} rows were reached`,
  ].filter(Boolean);
}

const server = await startServer({ demo: false, prepare });
const browser = await startBrowser();
let problems;
try {
  const view = await openPage(browser, server, { as: EMAIL, password: PASSWORD, path: "/customers?sort=name" });
  const { page } = view;
  await page.locator("[data-row]").first().waitFor();
  await page.waitForLoadState("networkidle");
  const client = await page.context().newCDPSession(page);
  console.log(`heap before: ${Math.round(await heapMb(client))} MB`);
  await page.evaluate(watchFrames);
  const lines = [];
  await holdPageDown(page);
  lines.push(await figures(page, client, "Page Down held"));
  await turnWheel(page);
  lines.push(await figures(page, client, "wheel"));
  console.table(lines);
  problems = judge(lines);
  await view.done();
} finally {
  await browser.close();
  await server.stop();
}
for (const problem of problems) console.error(`error: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
