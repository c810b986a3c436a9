import { useCallback, useEffect, useMemo, useState } from "react";
import type { AnyRecord } from "@/api/types";

/**
 * The chosen rows of a list: some of those loaded, or everything it holds, loaded or not. Cards, which have no boxes, are
 * chosen between `start` and `clear`.
 */
export function useSelection(rows: AnyRecord[], listKey: string) {
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [isEverything, setEverything] = useState(false);
  const [isSelecting, setSelecting] = useState(false);
  // What was chosen in one list says nothing about another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what the effect is about
  useEffect(() => setEverything(false), [listKey]);
  const selection = useMemo(
    () => (isEverything ? new Set(rows.map((row) => row.id)) : chosen),
    [isEverything, rows, chosen],
  );
  const setSelection = useCallback((next: Set<string>) => {
    setEverything(false);
    setChosen(next);
  }, []);
  const selectEverything = useCallback(() => setEverything(true), []);
  const start = useCallback(() => setSelecting(true), []);
  const clear = useCallback(() => {
    setSelection(new Set());
    setSelecting(false);
  }, [setSelection]);
  return { selection, setSelection, isEverything, selectEverything, isSelecting, start, clear };
}
