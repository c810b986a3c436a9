import { api } from "./client";
import { asProblem } from "./problem";
import type { Schemas } from "./types";

/** What has happened to a record. */
export type ChangeEvent = Schemas["ChangeEvent"];

/** Who listens to a stream of events. */
export interface Listener {
  onChange: (event: ChangeEvent) => void;
  /** What was missed is not known: everything is to be read again. */
  onReset: () => void;
}

const PATH = "/api/v1/events";
/** A page that is not looked at lets go of its connection, of which browsers have few. */
const HIDDEN_MS = 30_000;
/** A fresh stream tells what has happened within ten seconds before it; the pages have begun to read when this was called. */
const OVERLAP_MS = 8_000;
/** The server says something every 25 seconds: after this long nobody is at the other end, whatever the browser believes. */
const SILENT_MS = 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Listens while the page is looked at, and goes on where it was after every pause: when the connection
 * was lost, the page was hidden, or the access token had run out. Answers with what ends it.
 */
export function openEventStream({ onChange, onReset }: Listener): () => void {
  const begun = performance.now();
  let source: EventSource | undefined;
  let lastId: string | undefined;
  let failures = 0;
  let waiting: number | undefined;
  let silence: number | undefined;
  let isOver = false;

  function connect() {
    if (isOver || source || document.hidden) return;
    const isFresh = lastId === undefined;
    const opened = new EventSource(isFresh ? PATH : `${PATH}?last_event_id=${lastId}`);
    source = opened;
    heard();
    const on = (name: string, act: (data: string) => void) =>
      opened.addEventListener(name, (message: MessageEvent<string>) => {
        lastId = message.lastEventId;
        heard();
        act(message.data);
      });
    on("message", (data) => onChange(JSON.parse(data) as ChangeEvent));
    on("reset", onReset);
    on("ping", () => undefined);
    on("ready", () => {
      failures = 0;
      if (isFresh && performance.now() - begun > OVERLAP_MS) onReset();
    });
    opened.addEventListener("error", () => {
      // Whatever is no refusal, the browser deals with by itself.
      if (opened.readyState === EventSource.CLOSED) void refused();
    });
  }

  function heard() {
    window.clearTimeout(silence);
    silence = window.setTimeout(() => {
      disconnect();
      connect();
    }, SILENT_MS);
  }

  function disconnect() {
    window.clearTimeout(silence);
    source?.close();
    source = undefined;
  }

  function later(act: () => void, ms: number) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(act, ms);
  }

  /** Asking who is signed in gets a new access token, or finds out that nobody is any more. */
  async function refused() {
    disconnect();
    const problem = await api.get("/me").then(() => null, asProblem);
    if (isOver || problem?.status === 401) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
    failures += 1;
    later(connect, wait * (0.5 + Math.random() / 2));
  }

  function onVisibility() {
    if (document.hidden) return later(disconnect, HIDDEN_MS);
    window.clearTimeout(waiting);
    connect();
  }

  document.addEventListener("visibilitychange", onVisibility);
  connect();
  return () => {
    isOver = true;
    window.clearTimeout(waiting);
    document.removeEventListener("visibilitychange", onVisibility);
    disconnect();
  };
}
