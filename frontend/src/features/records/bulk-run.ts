import type { QueryClient } from "@tanstack/react-query";
import { recordKeys } from "@/api/records";
import { type BulkJob, type BulkOutcome, type BulkProgress, runBulk } from "./bulk";
import { refreshAround } from "./use-record-update";

/** A run of a change over many records, and what has become of it. */
export interface BulkRun {
  job: BulkJob;
  /** How many records it is about, as far as is known. */
  total: number | undefined;
  progress: BulkProgress;
  /** Stops before the next request; what is done stays done. */
  stop: () => void;
  isStopping: boolean;
  /** There once the run has ended and something is left to tell. */
  outcome: BulkOutcome | null;
}

let current: BulkRun | null = null;
const listeners = new Set<() => void>();

function show(run: BulkRun | null): void {
  current = run;
  for (const listener of listeners) listener();
}

/** The run under way, or the one whose result is still open. */
export function currentRun(): BulkRun | null {
  return current;
}

/** Calls back when a run starts, gets on or ends. */
export function onRun(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Puts the result of the last run away. */
export function closeRun(): void {
  if (current?.outcome) show(null);
}

/**
 * Runs a change over many records; it goes on when the user turns to another page.
 * Answers what became of it, or null when another run is still under way.
 */
export async function startRun(
  client: QueryClient,
  job: BulkJob,
  total: number | undefined,
): Promise<BulkOutcome | null> {
  if (current && !current.outcome) return null;
  const update = (changes: Partial<BulkRun>) => current && show({ ...current, ...changes });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    update({ isStopping: true });
  };
  const progress: BulkProgress = { stage: "reading", done: 0 };
  show({ job, total, progress, stop, isStopping: false, outcome: null });
  try {
    const outcome = await runBulk(job, {
      onProgress: (next) => update({ progress: next }),
      isStopped: () => isStopped,
    });
    await reload(client, job);
    const isWhole = outcome.refused.length === 0 && outcome.skipped === 0;
    if (isWhole) show(null);
    else update({ outcome });
    return outcome;
  } catch (error) {
    show(null);
    throw error;
  }
}

async function reload(client: QueryClient, { type, change }: BulkJob): Promise<void> {
  // What moves in or out of a pool takes its contacts and opportunities along, and counts against the limits.
  const touched =
    change.kind === "move" ? [["records"], ["configuration"]] : [recordKeys.all(type)];
  await Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey })));
  await refreshAround(client, type);
}
