/** What decides where the letters of a text stand. */
const COPIED = [
  "boxSizing",
  "width",
  "paddingTop",
  "paddingRight",
  "paddingBottom",
  "paddingLeft",
  "borderTopWidth",
  "borderRightWidth",
  "borderBottomWidth",
  "borderLeftWidth",
  "borderStyle",
  "fontFamily",
  "fontSize",
  "fontWeight",
  "fontStyle",
  "lineHeight",
  "letterSpacing",
  "wordSpacing",
  "textIndent",
  "tabSize",
] as const;

/** Where a character of a text area stands in the window. A copy of it is measured: areas do not tell. */
export function caretBox(area: HTMLTextAreaElement, at: number): DOMRect {
  const style = getComputedStyle(area);
  const copy = document.createElement("div");
  for (const name of COPIED) copy.style[name] = style[name];
  Object.assign(copy.style, {
    position: "absolute",
    top: "0",
    left: "0",
    visibility: "hidden",
    whiteSpace: "pre-wrap",
    overflowWrap: "break-word",
  });
  copy.textContent = area.value.slice(0, at);
  const mark = document.createElement("span");
  mark.textContent = area.value.slice(at) || ".";
  copy.append(mark);
  document.body.append(copy);
  const { offsetLeft, offsetTop } = mark;
  copy.remove();
  const frame = area.getBoundingClientRect();
  const height = Number.parseFloat(style.lineHeight) || frame.height;
  return new DOMRect(
    frame.left + offsetLeft - area.scrollLeft,
    frame.top + offsetTop - area.scrollTop,
    0,
    height,
  );
}
