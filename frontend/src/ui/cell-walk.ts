/** Marks what opens the editor of a cell, so that its neighbours can be found. */
export const CELL_EDITOR = "data-cell-editor";

/**
 * The cell to edit after or before this one: the next in the row, then the first of the next row.
 * Null at the ends of what is drawn, and outside a grid.
 */
export function neighbourCell(from: Element, isBackward: boolean): HTMLElement | null {
  const grid = from.closest("[role='grid']");
  if (!grid) return null;
  const cells = [...grid.querySelectorAll<HTMLElement>(`[${CELL_EDITOR}]`)];
  const all = isBackward ? cells.reverse() : cells;
  const wanted = isBackward ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  return all.find((cell) => from.compareDocumentPosition(cell) & wanted) ?? null;
}

/** Opens the editor of a cell and brings it into view. */
export function openCell(cell: HTMLElement): void {
  const box = cell.closest("[role='gridcell']");
  cell.click();
  box?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
