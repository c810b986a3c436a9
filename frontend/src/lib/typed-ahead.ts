import { isComposing } from "./composing";
import { isEditable, LAYER } from "./layers";

/** A layer that has not come by then does not come. */
const MOST_MS = 3_000;
/** A layer may focus itself before its field. */
const FIELD_MS = 150;
const TYPED = ["Backspace", "Enter", "Escape", "Tab"];

let text = "";
/** What is typed after Tab is for another field, and lost: that is seen, unlike two words in one field. */
let isWhole = false;
let giveUp: () => void = () => undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * What is typed while a layer is being opened belongs to its first field: it would otherwise change the field that still has
 * the focus, or be taken for shortcuts of the page below. `onEscape` is called when it is not wanted any more.
 */
export function holdKeys(onEscape: () => void): void {
  releaseKeys();
  giveUp = onEscape;
  window.addEventListener("keydown", hold, true);
  window.addEventListener("focusin", handOver, true);
  timer = setTimeout(releaseKeys, MOST_MS);
}

/** Keys act as usual again; what was held is dropped. */
export function releaseKeys(): void {
  clearTimeout(timer);
  text = "";
  isWhole = false;
  window.removeEventListener("keydown", hold, true);
  window.removeEventListener("focusin", handOver, true);
}

function hold(event: KeyboardEvent): void {
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return;
  if (key.length > 1 && !TYPED.includes(key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // The key that opens the layer may still be down.
  if (event.repeat) return;
  if (key === "Escape") giveUp();
  else if (key === "Tab" || key === "Enter") isWhole = true;
  else if (isWhole) return;
  else if (key === "Backspace") text = text.slice(0, -1);
  else text += key;
}

function handOver({ target }: FocusEvent): void {
  if (!(target instanceof HTMLElement && target.closest(LAYER))) return;
  if (!isEditable(target)) {
    clearTimeout(timer);
    timer = setTimeout(releaseKeys, FIELD_MS);
    return;
  }
  const typed = text;
  releaseKeys();
  const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (typed === "" || !isText) return;
  // Unlike what is assigned to `value`, React takes this for typed.
  target.setRangeText(typed, target.value.length, target.value.length, "end");
  target.dispatchEvent(new InputEvent("input", { bubbles: true, data: typed }));
}
