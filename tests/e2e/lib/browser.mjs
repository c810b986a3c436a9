import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { LOOKS } from "./looks.mjs";
import { DEMO_PASSWORD } from "./server.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
];
const PATIENCE_MS = 30_000;

// The one without windows draws the same for a fifth less of the processor.
const DEBIANS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** Starts headless Chromium: Debian's own, or the one that CHROMIUM names. */
export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? DEBIANS.find((path) => existsSync(path)) ?? DEBIANS[0];
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

// A page learns that nobody is signed in any more by asking, also when it comes back to its stream of events; the browser
// writes that answer to its console as an error.
function isQuestionWhoIsThere(message) {
  const path = message.location().url.replace(/\?.*$/, "");
  return message.text().includes("401") && /\/api\/v1\/(me|auth\/refresh|events)$/.test(path);
}

function watch(page) {
  const problems = [];
  const expected = new Set();
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.stack ?? error}`));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type()) || isQuestionWhoIsThere(message)) return;
    const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
    if (status && expected.has(Number(status))) return;
    problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) problems.push(`${response.status()} from ${response.url()}`);
  });
  return { problems, expected };
}

/**
 * A fresh page in one of the LOOKS, in its language or in `language`, signed in as `as` unless that is null. Where the
 * server has a clock of its own the page lives in the same time; moved on with it is who calls `keepUp`. Closing it
 * by `done` fails the test when anything was written to the console as an error or a warning, save refusals announced
 * with `expectStatus`.
 */
export async function openPage(browser, server, options = {}) {
  const { look = "zh-light", as = "sales@example.com", password = DEMO_PASSWORD, path = "/" } = options;
  const { theme, context: shape } = LOOKS[look];
  const { language = LOOKS[look].language } = options;
  const context = await browser.newContext({ ...shape, baseURL: server.url, timezoneId: "Asia/Shanghai" });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(
    ([storedLanguage, storedTheme]) => {
      localStorage.setItem("rapport.language", storedLanguage);
      localStorage.setItem("rapport.theme", storedTheme);
    },
    [language, theme],
  );
  const keepUp = () => context.clock.setSystemTime(server.clock.now());
  if (server.clock) await context.clock.install({ time: server.clock.now() });
  if (as) await signIn(context, { email: as, password }, server, { language, theme });
  const page = await context.newPage();
  const { problems, expected } = watch(page);
  await page.goto(path);
  return {
    page,
    look,
    keepUp,
    expectStatus: (...statuses) => {
      for (const status of statuses) expected.add(status);
    },
    async done() {
      await context.close();
      assert.deepEqual(problems, [], "the console is clean");
    },
  };
}

async function signIn(context, credentials, server, preferences) {
  const headers = { origin: server.url, "sec-fetch-site": "same-origin" };
  const login = await context.request.post("/api/v1/auth/login", {
    headers,
    data: credentials,
  });
  assert.equal(login.status(), 200, await login.text());
  const me = await context.request.patch("/api/v1/me", { headers, data: preferences });
  assert.equal(me.status(), 200, await me.text());
}
