import { type MouseEvent, type PointerEvent, useCallback, useEffect, useRef } from "react";

const HOLD_MS = 500;
const SLACK_PX = 10;

/** Handlers that notice a finger resting on an element; a finger that moves on is scrolling. */
export function useLongPress(onLongPress: () => void) {
  const press = useRef<{ timer: number; x: number; y: number } | null>(null);
  const end = useCallback(() => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  }, []);
  useEffect(() => end, [end]);
  return {
    onPointerDown(event: PointerEvent) {
      end();
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      const timer = window.setTimeout(() => {
        end();
        onLongPress();
      }, HOLD_MS);
      press.current = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const from = press.current;
      if (from && Math.hypot(clientX - from.x, clientY - from.y) > SLACK_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    // The browser's own menu would lie over what the press has just chosen.
    onContextMenu: (event: MouseEvent) => press.current && event.preventDefault(),
  };
}
