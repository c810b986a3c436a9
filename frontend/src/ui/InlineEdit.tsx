import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { useTexts } from "@/lib/i18n";
import { IN_HAND } from "@/lib/in-hand";
import { afterPress } from "@/lib/press";
import { CELL_EDITOR, neighbourCell, openCell } from "./cell-walk";
import { Skeleton } from "./Skeleton";

interface InlineEditProps<T> {
  /** The name of the field, read out with its value. */
  label: string;
  value: T;
  display: ReactNode;
  /** Draws the control. `save` may be called at once by pickers; typing calls `change`. */
  editor: (edit: {
    draft: T;
    change: (value: T) => void;
    save: (value: T) => void;
    cancel: () => void;
  }) => ReactNode;
  onSave: (value: T) => void | Promise<void>;
  disabled?: boolean;
  /** Shown under the editor or the value, such as the server's refusal. */
  error?: string | undefined;
  className?: string;
  tabIndex?: number | undefined;
  /** In a table cell: no second line, the error is a mark with its text. */
  isCompact?: boolean;
  align?: "left" | "right";
}

const LOADING = "data-loading";

function takeFocus(element: HTMLElement | null) {
  element?.focus();
}

/** Stands in for a control that is still being loaded, and keeps the keys from going astray. */
export function LoadingControl() {
  return (
    <div ref={takeFocus} tabIndex={-1} {...{ [LOADING]: "" }} className="outline-none">
      <Skeleton className="h-8 w-full" />
    </div>
  );
}

/** Compares values by what they hold; field values are plain JSON. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** Whether a key was pressed in a layer of an editor of several controls, whose own business it is. */
function isInnerLayer(box: HTMLElement | null, target: EventTarget): boolean {
  return (
    box?.querySelector("fieldset") !== null && target instanceof Node && !box?.contains(target)
  );
}

/**
 * A value that becomes its own editor: click or Enter edits, Enter, Tab and leaving save, Esc reverts.
 * In a table Tab goes on to the next cell that can be edited, Shift+Tab to the one before.
 * Enter that confirms an input-method candidate does neither.
 */
export function InlineEdit<T>(props: InlineEditProps<T>) {
  const { t } = useTexts();
  const [editing, setEditing] = useState(false);
  const [draft, setDraft] = useState(props.value);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const refocus = useRef(false);

  useEffect(() => {
    if (!editing && refocus.current) button.current?.focus();
    refocus.current = false;
  }, [editing]);

  function close(focusAgain: boolean) {
    refocus.current = focusAgain;
    setEditing(false);
  }

  function save(value: T, focusAgain = true) {
    close(focusAgain);
    keep(value);
  }

  function keep(value: T) {
    if (!same(value, props.value)) void props.onSave(value);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event) || isInnerLayer(box.current, event.target)) return;
    const inTextarea = event.target instanceof HTMLTextAreaElement;
    if (event.key === "Escape") {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Enter" && !event.defaultPrevented) {
      if (inTextarea && !(event.metaKey || event.ctrlKey)) return;
      if (event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      save(draft);
    }
  }

  function walk(event: KeyboardEvent) {
    if (event.key !== "Tab" || !props.isCompact || isComposing(event)) return;
    const next = box.current && neighbourCell(box.current, event.shiftKey);
    event.preventDefault();
    event.stopPropagation();
    save(draft, next === null);
    if (next) openCell(next);
  }

  function onBlur() {
    // Focus may move into a popup of the editor; only leaving for good saves.
    requestAnimationFrame(() => {
      const active = document.activeElement;
      const inPopup = active?.closest("[role='listbox'], [role='dialog'], [role='menu']");
      if (!box.current || box.current.contains(active)) return;
      if (inPopup && !inPopup.contains(box.current)) return;
      keep(draft);
      // It takes less room when it is read, and what is being pressed below it is not to move away.
      afterPress(() => close(false));
    });
  }

  if (editing) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: catches the keys of the control inside
      <div
        ref={box}
        {...{ [IN_HAND]: "" }}
        onKeyDown={onKeyDown}
        // Before the layer of a picker sees it, which would only close on it.
        onKeyDownCapture={walk}
        onBlur={(event) => !event.target.hasAttribute(LOADING) && onBlur()}
        className={cn("min-w-0 flex-1", props.isCompact && "-mx-1.5", props.className)}
      >
        {props.editor({ draft, change: setDraft, save, cancel: () => close(true) })}
        {props.error && <p className="mt-1 text-danger text-xs">{props.error}</p>}
      </div>
    );
  }
  return (
    <div className={cn("min-w-0 flex-1", props.isCompact && "-mx-1.5", props.className)}>
      <button
        ref={button}
        type="button"
        {...(props.isCompact && !props.disabled && { [CELL_EDITOR]: "" })}
        tabIndex={props.tabIndex}
        disabled={props.disabled ?? false}
        onClick={() => {
          setDraft(props.value);
          setEditing(true);
        }}
        className={cn(
          "flex min-h-7 w-full min-w-0 items-center rounded-md px-1.5 text-left enabled:hover:bg-line/60 phone:min-h-11",
          props.align === "right" && "justify-end",
        )}
      >
        <span className="sr-only">
          {props.disabled ? props.label : t("common:editNamed", { name: props.label })}
        </span>
        {props.display}
      </button>
      {props.error && (
        <p
          role="alert"
          title={props.error}
          className={cn("px-1.5 text-danger text-xs", props.isCompact && "truncate")}
        >
          {props.error}
        </p>
      )}
    </div>
  );
}
