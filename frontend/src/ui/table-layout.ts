import { useCallback, useState } from "react";

/** How a user arranged the columns of a list. */
export interface TableLayout {
  order: string[];
  hidden: string[];
  widths: Record<string, number>;
}

const EMPTY: TableLayout = { order: [], hidden: [], widths: {} };

function read(key: string): TableLayout {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (typeof stored !== "object" || stored === null) return EMPTY;
    return { ...EMPTY, ...stored };
  } catch {
    return EMPTY;
  }
}

/** The arrangement of one list, remembered in this browser; `hidden` is the start for new users. */
export function useTableLayout(name: string, hidden: string[]) {
  const key = `rapport.columns.${name}`;
  const [layout, setLayout] = useState<TableLayout>(() =>
    localStorage.getItem(key) === null ? { ...EMPTY, hidden } : read(key),
  );
  const change = useCallback(
    (next: TableLayout) => {
      setLayout(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
    [key],
  );
  return [layout, change] as const;
}

/** The column ids in the chosen order; columns added later follow in their own order. */
export function orderedIds(ids: string[], order: string[]): string[] {
  const known = order.filter((id) => ids.includes(id));
  return [...known, ...ids.filter((id) => !known.includes(id))];
}
