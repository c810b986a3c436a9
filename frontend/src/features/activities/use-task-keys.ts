import { type RefObject, useRef } from "react";
import type { Activity } from "@/api/types";
import { useShortcuts } from "@/lib/shortcuts";
import { useActivityActions } from "./use-activity-actions";

const ROWS = "[data-task], [data-task-row]";
const CONTROLS = "a, button, [role='checkbox']";

/** What of a row takes the focus: a row that is a link itself, else its box. */
function focusRow(row: Element | undefined): void {
  const control = row?.matches("a") ? row : row?.querySelector(CONTROLS);
  if (!(control instanceof HTMLElement)) return;
  control.focus();
  control.scrollIntoView({ block: "nearest" });
}

/** J and K go from row to row, X checks off, Enter opens the record it is about. */
export function useTaskKeys(tasks: Activity[]): RefObject<HTMLDivElement | null> {
  const page = useRef<HTMLDivElement>(null);
  const { complete } = useActivityActions();

  function step(by: 1 | -1) {
    const rows = [...(page.current?.querySelectorAll(ROWS) ?? [])];
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    focusRow(here === -1 ? rows[0] : rows[here + by]);
  }

  function current(): HTMLElement | null {
    return document.activeElement?.closest<HTMLElement>("[data-task]") ?? null;
  }

  function check() {
    const row = current();
    const task = tasks.find(({ id }) => id === row?.dataset.task);
    if (!task?.can.edit || task.status !== "open") return;
    step(1);
    void complete(task);
  }

  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    x: check,
  });
  return page;
}
