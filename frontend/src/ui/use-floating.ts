import { useEffect, useSyncExternalStore } from "react";

type Floating = typeof import("./floating");

let loaded: Floating | null = null;
const listeners = new Set<() => void>();

/** Loads the code of menus, popovers and tooltips. */
export async function loadFloating(): Promise<void> {
  if (loaded) return;
  loaded = await import("./floating");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The parts of floating layers, or null until they are there.
 * Positioning code is heavy and nothing opens before the first paint, so the page does not wait for it;
 * until then a trigger is drawn alone.
 */
export function useFloating(): Floating | null {
  const floating = useSyncExternalStore(subscribe, () => loaded);
  useEffect(() => void loadFloating(), []);
  return floating;
}
