import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { movableClock } from "./clock.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WEB = process.env.RAPPORT_WEB ?? join(ROOT, "frontend/dist");
const START_MS = 60_000;
const STOP_MS = 30_000;

/** The password of every user of the sample data. */
export const DEMO_PASSWORD = "rapport-demo";
/** The password of those whom tests add. */
export const PASSWORD = "Sunny-Harbour-4821";

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(url, child, log) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (ready?.status === 200) return;
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready:\n${log()}`);
}

async function ended(child) {
  const deadline = Date.now() + STOP_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) await sleep(20);
  return child.exitCode;
}

/**
 * Starts the real program on a free port of 127.0.0.1 with a fresh data folder, sample data included unless
 * `demo` is false; `prepare` may fill the data folder first, `mail` names a mail server, and with `clock` it has a
 * `clock` of its own that can be moved on. Ends when the caller calls `stop`, which throws if the server panicked or did
 * not end cleanly.
 */
export async function startServer({ demo = true, prepare, mail, clock: isMovable = false } = {}) {
  const binary = process.env.RAPPORT_BIN;
  if (!binary || !existsSync(binary)) throw new Error("RAPPORT_BIN does not say where the program is: use `make e2e`");
  if (!existsSync(join(WEB, "index.html"))) throw new Error("the frontend is not built: use `make e2e`");
  const folder = mkdtempSync(join(tmpdir(), "rapport-e2e-"));
  await prepare?.(binary, join(folder, "data"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const logFile = join(folder, "server.log");
  const output = openSync(logFile, "w");
  const args = ["serve", "--listen", url.slice("http://".length), "--data", join(folder, "data"), "--web", WEB];
  const sending = mail && {
    RAPPORT__MAIL__URL: mail,
    RAPPORT__MAIL__FROM: "Rapport <crm@example.com>",
    RAPPORT__SERVER__PUBLIC_URL: url,
  };
  const clock = isMovable ? movableClock(folder) : undefined;
  const child = spawn(binary, demo ? [...args, "--demo"] : args, {
    env: { ...process.env, RAPPORT__RATE_LIMIT__ENABLED: "false", ...sending, ...clock?.environment },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const log = () => readFileSync(logFile, "utf8");
  await untilReady(url, child, log);

  async function stop() {
    child.kill("SIGTERM");
    const status = await ended(child);
    if (status === null) child.kill("SIGKILL");
    const text = log();
    rmSync(folder, { recursive: true, force: true });
    if (status !== 0) throw new Error(`the server ended with status ${status}:\n${text.slice(-4000)}`);
    if (text.includes("panicked at")) throw new Error(`the server panicked:\n${text.slice(-4000)}`);
  }
  return { url, log, stop, clock };
}
