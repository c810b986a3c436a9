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

function start(key: string, hidden: string[]): TableLayout {
  return localStorage.getItem(key) === null ? { ...EMPTY, hidden } : read(key);
}

/** The arrangement of the list of a name, remembered in this browser; `hidden` is the start for new users. */
export function useTableLayout(name: string, hidden: string[]) {
  const key = `rapport.columns.${name}`;
  const [kept, setKept] = useState(() => ({ key, layout: start(key, hidden) }));
  const current = kept.key === key ? kept : { key, layout: start(key, hidden) };
  if (current !== kept) setKept(current);
  const change = useCallback(
    (layout: TableLayout) => {
      setKept({ key, layout });
      localStorage.setItem(key, JSON.stringify(layout));
    },
    [key],
  );
  return [current.layout, change] as const;
}

/** The column ids in the chosen order; columns added later follow in their own order. */
export function orderedIds(ids: string[], order: string[]): string[] {
  const known = order.filter((id) => ids.includes(id));
  return [...known, ...ids.filter((id) => !known.includes(id))];
}
