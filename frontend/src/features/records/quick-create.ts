import type { RecordType } from "@/api/types";
import { holdKeys, releaseKeys } from "@/lib/typed-ahead";

/** A wish to create a record, with what it starts with. */
export interface QuickCreateWish {
  type: RecordType;
  preset: Record<string, unknown>;
}

const listeners = new Set<() => void>();
let wish: QuickCreateWish | null = null;

/** Opens the quick create dialog from anywhere. */
export function openQuickCreate(type: RecordType, preset: Record<string, unknown> = {}): void {
  wish = { type, preset };
  holdKeys(closeQuickCreate);
  for (const listener of listeners) listener();
}

/** Closes it. */
export function closeQuickCreate(): void {
  wish = null;
  releaseKeys();
  for (const listener of listeners) listener();
}

/** What the dialog is asked for now. */
export function currentWish(): QuickCreateWish | null {
  return wish;
}

/** Calls back when the dialog is asked for or closed. */
export function onWish(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
