import { useSyncExternalStore } from "react";
import { holdKeys, releaseKeys } from "@/lib/typed-ahead";

/** The layers the shell can open from anywhere; one at a time. */
export type Overlay = "palette" | "shortcuts" | "create" | "note" | "task" | "inbox" | null;

let overlay: Overlay = null;
const listeners = new Set<() => void>();

/** Opens a layer, which has all keys from now on, or closes the open one with null. */
export function setOverlay(next: Overlay): void {
  overlay = next;
  if (next) holdKeys(() => closeOverlay(next));
  else releaseKeys();
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
