let isDown = false;
let waiting: (() => void)[] = [];

function begins() {
  isDown = true;
}

function ends() {
  isDown = false;
  const ready = waiting;
  waiting = [];
  // The click that belongs to the press comes first.
  for (const run of ready) window.setTimeout(run);
}

/** The menu of the browser takes the end of the press that opened it. */
const ENDS = ["pointerup", "pointercancel", "contextmenu"];

window.addEventListener("pointerdown", begins, true);
for (const name of ENDS) window.addEventListener(name, ends, true);

/**
 * Runs something in a moment: after what is going on now, and after the press that is under way. What moves other things
 * belongs into it where it follows from losing the focus: a press takes the focus first, and a button that moves from
 * under the pointer before it is let go is not pressed.
 */
export function afterPress(run: () => void): void {
  if (isDown) waiting.push(run);
  else window.setTimeout(run);
}
