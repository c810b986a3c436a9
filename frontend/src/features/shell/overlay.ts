import { useSyncExternalStore } from "react";

/** The layers the shell can open from anywhere; one at a time. */
export type Overlay = "palette" | "shortcuts" | "create" | "note" | "task" | null;

let overlay: Overlay = null;
const listeners = new Set<() => void>();

/** Opens a layer, or closes the open one with null. */
export function setOverlay(next: Overlay): void {
  overlay = next;
  for (const listener of listeners) listener();
}

/** The open layer. */
export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => overlay,
  );
}
