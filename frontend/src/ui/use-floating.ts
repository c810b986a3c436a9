import {
  cloneElement,
  type MouseEventHandler,
  type ReactElement,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";

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

type Pressable = ReactElement<{ onClick?: MouseEventHandler }>;

/**
 * A trigger that stands alone until its layer can be drawn, and whether it was pressed meanwhile: then the layer is
 * to open at once.
 */
export function useLoneTrigger(trigger: ReactElement, onPress?: () => void) {
  const [isPressed, setPressed] = useState(false);
  const { onClick } = (trigger as Pressable).props;
  const lone = cloneElement(trigger as Pressable, {
    onClick: (event) => {
      onClick?.(event);
      setPressed(true);
      onPress?.();
    },
  });
  return { lone, isPressed };
}
