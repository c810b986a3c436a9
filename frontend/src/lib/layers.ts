const EDITABLE = "input, textarea, select, [contenteditable='true'], [role='textbox']";

/** What lies over the page, and has the keys as long as the focus is in it. */
export const LAYER = "[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']";

/** Whether typing into it changes it. */
export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || !target.matches(EDITABLE)) return false;
  return !(target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type));
}
