interface EventLike {
  keyCode?: number;
  isComposing?: boolean;
  nativeEvent?: object;
}

/**
 * True while an input method shows its candidates.
 * Enter then confirms a candidate and must never submit, save or move on.
 * Safari ends the composition before keydown and marks it by key code 229.
 */
export function isComposing(event: EventLike): boolean {
  const native: EventLike = event.nativeEvent ?? {};
  return event.isComposing === true || native.isComposing === true || event.keyCode === 229;
}

interface KeyLike extends EventLike {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
}

/** Whether a key sends what was written: Enter with Ctrl or ⌘, while no candidate is to be confirmed. */
export function isSending(event: KeyLike): boolean {
  return event.key === "Enter" && (event.metaKey || event.ctrlKey) && !isComposing(event);
}
