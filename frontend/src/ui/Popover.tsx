import { type ReactElement, type ReactNode, useRef } from "react";
import { cn } from "@/lib/cn";
import { popupClass } from "./popup";
import { useFloating, useLoneTrigger } from "./use-floating";

interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement;
  /** Read out as the name of the layer. */
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
  className?: string;
  /** What has the focus when it opens, as a selector; while that is not there, the layer itself. */
  focusFirst?: string;
}

/** A small layer beside its button, for choices that do not deserve a dialog. */
export function Popover(props: PopoverProps) {
  const floating = useFloating();
  const { lone, isPressed } = useLoneTrigger(props.trigger, () => props.onOpenChange?.(true));
  const popup = useRef<HTMLDivElement>(null);
  if (!floating) return lone;
  const Base = floating.Popover;
  const { focusFirst } = props;
  const first = (selector: string) => () =>
    popup.current?.querySelector<HTMLElement>(selector) ?? popup.current;
  return (
    <Base.Root
      {...(props.open === undefined ? { defaultOpen: isPressed } : { open: props.open })}
      onOpenChange={(open) => props.onOpenChange?.(open)}
    >
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={props.align ?? "start"} className="z-50">
          <Base.Popup
            ref={popup}
            {...(focusFirst !== undefined && { initialFocus: first(focusFirst) })}
            aria-label={props.label}
            className={cn(
              popupClass,
              "max-h-(--available-height) max-w-[calc(100vw-1rem)] overflow-y-auto p-2",
              props.className,
            )}
          >
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
