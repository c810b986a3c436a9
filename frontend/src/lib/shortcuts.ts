import { useEffect, useRef } from "react";
import { tinykeys } from "tinykeys";
import { isComposing } from "./composing";
import { isEditable, LAYER } from "./layers";

/** Handlers by key, in tinykeys' notation: `c`, `$mod+k`, `g l`. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}

/** Whether a plain key may act now: not while typing, composing, or in a dialog or menu. */
export function mayFire(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isComposing(event)) return false;
  if (isEditable(event.target)) return false;
  return !(event.target instanceof Element && event.target.closest(LAYER));
}

/** Keys that a page has bound, and how often; the frame around it yields them. */
const taken = new Map<string, number>();

function count(names: string[], by: 1 | -1): void {
  for (const keys of names) taken.set(keys, (taken.get(keys) ?? 0) + by);
}

/** Every bound sequence, and how often. */
const sequences = new Map<string, number>();
const PAUSE = 1_000;
let pressed = { key: "", at: 0 };
let before = "";

// Remembers the key before this one, so that the end of a sequence is not taken for a key of its own.
function remember({ key }: KeyboardEvent): void {
  const at = Date.now();
  before = at - pressed.at < PAUSE ? pressed.key : "";
  pressed = { key: key.toLowerCase(), at };
}
window.addEventListener("keydown", remember, true);

function endsSequence(keys: string): boolean {
  return (sequences.get(`${before} ${keys}`) ?? 0) > 0;
}

function countSequences(names: string[], by: 1 | -1): void {
  for (const keys of names.filter((name) => name.includes(" "))) {
    sequences.set(keys, (sequences.get(keys) ?? 0) + by);
  }
}

type Rank = "page" | "frame";

function guarded(keys: string, rank: Rank, handler: (event: KeyboardEvent) => void) {
  return (event: KeyboardEvent) => {
    const hasModifier = keys.includes("$mod+");
    if (hasModifier ? isComposing(event) : !mayFire(event)) return;
    if (endsSequence(keys)) return;
    if (rank === "frame" && (taken.get(keys) ?? 0) > 0) return;
    event.preventDefault();
    handler(event);
  };
}

/**
 * Binds shortcuts to the window while the component is mounted.
 * Plain keys never fire in inputs, in dialogs, or while an input method is composing.
 * What the frame binds gives way to the same keys of a page, whichever was mounted first.
 */
export function useShortcuts(shortcuts: Shortcuts, rank: Rank = "page"): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const names = Object.keys(shortcuts).join("\n");
  useEffect(() => {
    if (names === "") return;
    const all = names.split("\n");
    const bindings = Object.fromEntries(
      all.map((keys) => [keys, guarded(keys, rank, (e) => latest.current[keys]?.(e))]),
    );
    if (rank === "page") count(all, 1);
    countSequences(all, 1);
    const unbind = tinykeys(window, bindings);
    return () => {
      unbind();
      if (rank === "page") count(all, -1);
      countSequences(all, -1);
    };
  }, [names, rank]);
}

const SYMBOLS: Record<string, string> = {
  Shift: "⇧",
  Enter: "↵",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

function keyLabel(key: string): string {
  if (key === "$mod") return isMac() ? "⌘" : "Ctrl";
  return SYMBOLS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** Splits a binding into the key caps to draw. */
export function keyParts(keys: string): { id: string; label: string }[] {
  return keys
    .split(/[ +]/)
    .filter((key) => key !== "")
    .map((key, index) => ({ id: `${index}-${key}`, label: keyLabel(key) }));
}
