import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./Kbd";
import { useFloating } from "./use-floating";

interface TooltipProps {
  content: ReactNode;
  shortcut?: string | undefined;
  /** The element described; it keeps its own accessible name. */
  children: ReactElement;
  side?: "top" | "bottom" | "left" | "right";
}

/** Says what a control does when pointed at or focused. Never the only place of a fact. */
export function Tooltip({ content, shortcut, children, side = "bottom" }: TooltipProps) {
  const floating = useFloating();
  if (!floating) return children;
  const Base = floating.Tooltip;
  return (
    <Base.Root>
      <Base.Trigger delay={500} render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="flex max-w-72 items-center gap-2 rounded-md bg-raised px-2 py-1 text-fg text-xs shadow-float transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {content}
            {shortcut && <Kbd keys={shortcut} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
