import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  type Table,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/lib/shortcuts";
import { Checkbox } from "./Checkbox";
import { TableHead } from "./TableHead";
import { type RowActions, TableRow } from "./TableRow";
import { orderedIds, type TableLayout } from "./table-layout";

/** A column of a VirtualTable. */
export interface TableColumn<Row> {
  id: string;
  header: string;
  width: number;
  align?: "left" | "right";
  /** The name the server sorts by; absent when it cannot. */
  sortKey?: string | undefined;
  /** Draws the value. `tabIndex` is for anything that can be focused inside. */
  cell: (row: Row, context: { tabIndex: number }) => ReactNode;
}

/** A sort by one column. */
export interface TableSort {
  key: string;
  descending: boolean;
}

export interface TableHandle {
  /** Puts the focus on a row and brings it into view. */
  focusRow: (index: number) => void;
}

export interface VirtualTableProps<Row extends { id: string }> {
  /** Read out as the name of the grid. */
  label: string;
  rows: Row[];
  /** How many rows there are in all, loaded or not. */
  total?: number | undefined;
  /** The first column is the one that names the row; it cannot be hidden. */
  columns: TableColumn<Row>[];
  rowLabel: (row: Row) => string;
  layout: TableLayout;
  onLayoutChange: (layout: TableLayout) => void;
  sort: TableSort | null;
  onSort: (sort: TableSort) => void;
  selection: ReadonlySet<string>;
  onSelectionChange: (selection: Set<string>) => void;
  /** The row that shortcuts act on. */
  activeId: string | null;
  onActiveChange: (id: string) => void;
  onOpen: (row: Row) => void;
  hasMore: boolean;
  onReachEnd: () => void;
  handle?: Ref<TableHandle>;
  /** Tables of one key come back to where they were scrolled to. */
  memoryKey?: string;
}

export const ROW_HEIGHT = 36;
const CHECK_WIDTH = 36;
const LOAD_AHEAD = 60;

/** How far each table was scrolled when last seen. */
const offsets = new Map<string, number>();

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
  rowSelectionFeature,
});

export type TableFeatureSet = typeof features;

function useGrid<Row extends { id: string }>(props: VirtualTableProps<Row>) {
  const { columns, layout, onLayoutChange, selection, onSelectionChange } = props;
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        size: column.width,
        minSize: 60,
        maxSize: 800,
        accessorFn: (row: Row) => row.id,
      })),
    [columns],
  );
  const [first, ...others] = columns.map((column) => column.id);
  const state = {
    columnOrder: first === undefined ? [] : [first, ...orderedIds(others, layout.order)],
    columnVisibility: Object.fromEntries(
      layout.hidden.filter((id) => id !== first).map((id) => [id, false]),
    ),
    columnSizing: layout.widths,
    rowSelection: Object.fromEntries([...selection].map((id) => [id, true] as const)),
  };
  return useTable({
    features,
    columns: definitions,
    data: props.rows,
    getRowId: (row: Row) => row.id,
    columnResizeMode: "onChange",
    state,
    onColumnSizingChange: (updater) => {
      const widths = typeof updater === "function" ? updater(layout.widths) : updater;
      onLayoutChange({ ...layout, widths });
    },
    onRowSelectionChange: (updater) => {
      const next = typeof updater === "function" ? updater(state.rowSelection) : updater;
      onSelectionChange(new Set(Object.keys(next).filter((id) => next[id])));
    },
  }) as unknown as Table<TableFeatureSet, Row>;
}

/** The same object at every render, whose functions are always the latest. */
function useStable<Functions extends { [Name in keyof Functions]: (...args: never[]) => void }>(
  functions: Functions,
): Functions {
  const latest = useRef(functions);
  latest.current = functions;
  const [stable] = useState(() => {
    const names = Object.keys(functions) as (keyof Functions)[];
    const call = (name: keyof Functions) => [
      name,
      (...args: never[]) => latest.current[name](...args),
    ];
    return Object.fromEntries(names.map(call)) as Functions;
  });
  return stable;
}

/** Where the active row stands; looked for again only when it or the rows have changed. */
function useActiveIndex<Row extends { id: string }>(rows: Row[], activeId: string | null): number {
  return useMemo(() => rows.findIndex((row) => row.id === activeId), [rows, activeId]);
}

function withRow(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range);
  if (index < 0 || index >= range.count || shown.includes(index)) return shown;
  return [...shown, index].sort((a, b) => a - b);
}

/** How many rows fit under the head. */
function rowsInSight(scroller: HTMLElement | null): number {
  return Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
}

/**
 * A grid that draws only the rows in view, whatever their number.
 * J/K or the arrows move, X selects, Enter opens; columns can be resized, hidden and moved.
 */
export function VirtualTable<Row extends { id: string }>(props: VirtualTableProps<Row>) {
  const { t } = useTranslation();
  const { rows, columns, hasMore, onReachEnd, activeId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const table = useGrid(props);
  const activeIndex = useActiveIndex(rows, activeId);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
    scrollPaddingStart: ROW_HEIGHT,
    // The active row stays drawn wherever the list is scrolled to: it may hold the focus, and with it the keys.
    rangeExtractor: (range) => withRow(range, activeIndex),
    initialRect: { width: 1200, height: 800 },
    initialOffset: () => offsets.get(props.memoryKey ?? "") ?? 0,
    onChange: (instance) => {
      if (props.memoryKey) offsets.set(props.memoryKey, instance.scrollOffset ?? 0);
    },
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = virtualizer.range?.endIndex ?? 0;

  useEffect(() => {
    if (hasMore && lastShown >= rows.length - LOAD_AHEAD) onReachEnd();
  }, [hasMore, lastShown, rows.length, onReachEnd]);

  const focusRow = useCallback(
    (index: number) => {
      const row = rows[index];
      if (!row) return;
      props.onActiveChange(row.id);
      virtualizer.scrollToIndex(index);
      requestAnimationFrame(() => {
        scroller.current
          ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)
          ?.focus({ preventScroll: true });
      });
    },
    [rows, props.onActiveChange, virtualizer],
  );
  useImperativeHandle(props.handle, () => ({ focusRow }), [focusRow]);

  const step = (by: number) =>
    focusRow(Math.max(0, Math.min(rows.length - 1, activeIndex < 0 ? 0 : activeIndex + by)));
  const toggleActive = () => {
    if (activeId !== null) table.getRow(activeId).toggleSelected();
  };
  useShortcuts({ j: () => step(1), k: () => step(-1), x: toggleActive });

  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const template = headers.map((header) => `${header.getSize()}px`).join(" ");
  const minWidth = CHECK_WIDTH + table.getTotalSize();
  const style = useMemo<CSSProperties>(
    () => ({ gridTemplateColumns: `${CHECK_WIDTH}px ${template} minmax(0, 1fr)`, minWidth }),
    [template, minWidth],
  );
  const shownIds = headers.map((header) => header.column.id).join(" ");
  const shownColumns = useMemo(
    () => shownIds.split(" ").flatMap((id) => columns.find((column) => column.id === id) ?? []),
    [shownIds, columns],
  );
  const actions = useStable<RowActions<Row>>({
    select: (row, event) => table.getRow(row.id).getToggleSelectedHandler()(event),
    activate: (row) => props.onActiveChange(row.id),
    open: props.onOpen,
    step,
    page: (direction) => step(direction * rowsInSight(scroller.current)),
  });

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      aria-colcount={shownColumns.length + 1}
      aria-multiselectable="true"
      className="relative min-h-0 flex-1 overflow-auto overscroll-contain bg-panel"
    >
      <TableHead
        table={table}
        columns={shownColumns}
        style={style}
        sort={props.sort}
        onSort={props.onSort}
        checkbox={
          <Checkbox
            aria-label={t("common:selectAllLoaded")}
            checked={table.getIsAllRowsSelected() && rows.length > 0}
            indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
            onCheckedChange={(checked) => table.toggleAllRowsSelected(checked)}
          />
        }
      />
      <div
        role="rowgroup"
        className="relative"
        style={{ height: virtualizer.getTotalSize(), minWidth }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const isActive = row.id === activeId || (activeIndex < 0 && item.index === 0);
          return (
            <TableRow
              key={row.id}
              row={row}
              index={item.index}
              top={item.start}
              label={props.rowLabel(row)}
              columns={shownColumns}
              style={style}
              isActive={isActive}
              isMarked={row.id === activeId}
              isSelected={props.selection.has(row.id)}
              actions={actions}
            />
          );
        })}
      </div>
    </div>
  );
}
