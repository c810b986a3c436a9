import type { BulkJob, BulkOutcome, BulkProgress } from "./bulk";

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

/** Shows a run as it is now, or none. */
export function showRun(run: BulkRun | null): void {
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
  if (current?.outcome) showRun(null);
}
