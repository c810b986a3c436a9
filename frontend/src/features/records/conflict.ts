import type { AnyRecord, RecordType } from "@/api/types";

/** A change that met a newer version of its record. */
export interface Conflict {
  type: RecordType;
  /** What the user saw when they began. */
  base: AnyRecord;
  /** What the server has now. */
  current: AnyRecord;
  /** What the user wants to write. */
  changes: Record<string, unknown>;
  /** The same as the user typed it, with the names of what it points at. */
  mine: Record<string, unknown>;
  changedBy: string | null;
  /** Writes the chosen values over the current version. */
  resolve: (changes: Record<string, unknown>) => Promise<void>;
  /** Keeps what the server has. */
  giveUp: () => void;
}

let current: Conflict | null = null;
const listeners = new Set<() => void>();

/** Shows a conflict; the dialog stands at the root of the application. */
export function showConflict(conflict: Conflict | null): void {
  current = conflict;
  for (const listener of listeners) listener();
}

/** The conflict to be decided now. */
export function currentConflict(): Conflict | null {
  return current;
}

/** Calls back when a conflict arises or is settled. */
export function onConflict(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
