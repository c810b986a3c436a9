import { useSyncExternalStore } from "react";

/** The layers the shell can open from anywhere; one at a time. */
export type Overlay = "palette" | "shortcuts" | "create" | "note" | "task" | "inbox" | null;

let overlay: Overlay = null;
const listeners = new Set<() => void>();

/** Opens a layer, or closes the open one with null. */
export function setOverlay(next: Overlay): void {
  overlay = next;
  for (const listener of listeners) listener();
}

/** Closes a layer unless another one has taken its place. */
export function closeOverlay(layer: Overlay): void {
  if (overlay === layer) setOverlay(null);
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
