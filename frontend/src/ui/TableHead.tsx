import type { Header, Table } from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { CSSProperties, KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import type { TableColumn, TableFeatureSet, TableSort } from "./VirtualTable";

interface TableHeadProps<Row extends object> {
  table: Table<TableFeatureSet, Row>;
  columns: TableColumn<Row>[];
  style: CSSProperties;
  sort: TableSort | null;
  onSort: (sort: TableSort) => void;
  checkbox: ReactNode;
}

const RESIZE_STEP = 16;

/** The row of column names: a press sorts, the edge resizes. */
export function TableHead<Row extends object>(props: TableHeadProps<Row>) {
  const headers = props.table.getHeaderGroups()[0]?.headers ?? [];
  return (
    <div role="rowgroup" className="sticky top-0 z-20" style={{ minWidth: props.style.minWidth }}>
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-8 border-line border-b bg-panel text-fg3 text-xs"
        style={props.style}
      >
        <div
          role="columnheader"
          className="sticky left-0 z-10 flex items-center justify-center bg-panel"
        >
          {props.checkbox}
        </div>
        {headers.map((header, index) => {
          const column = props.columns[index];
          return (
            column && (
              <HeadCell
                key={header.id}
                header={header}
                column={column}
                isFirst={index === 0}
                sort={props.sort}
                onSort={props.onSort}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface HeadCellProps<Row extends object> {
  header: Header<TableFeatureSet, Row>;
  column: TableColumn<Row>;
  isFirst: boolean;
  sort: TableSort | null;
  onSort: (sort: TableSort) => void;
}

function HeadCell<Row extends object>({
  header,
  column,
  isFirst,
  sort,
  onSort,
}: HeadCellProps<Row>) {
  const { sortKey } = column;
  const sorted = sortKey !== undefined && sort?.key === sortKey;
  const direction = sort?.descending ? "descending" : "ascending";
  const Arrow = sort?.descending ? ArrowDown : ArrowUp;
  const name = (
    <>
      <span className="truncate">{column.header}</span>
      {sorted && <Arrow className="size-3 shrink-0" aria-hidden="true" />}
    </>
  );
  return (
    <div
      role="columnheader"
      aria-sort={sortKey === undefined ? undefined : sorted ? direction : "none"}
      className={cn(
        "group relative flex min-w-0 items-center px-2",
        column.align === "right" && "justify-end",
        isFirst && "sticky left-9 z-10 bg-panel",
      )}
    >
      {sortKey === undefined ? (
        name
      ) : (
        <button
          type="button"
          className={cn(
            "-mx-1 flex h-6 min-w-0 items-center gap-1 rounded px-1 hover:bg-hover hover:text-fg",
            sorted && "text-fg",
          )}
          onClick={() => onSort({ key: sortKey, descending: sorted ? !sort.descending : false })}
        >
          {name}
        </button>
      )}
      <ResizeHandle header={header} name={column.header} />
    </div>
  );
}

interface ResizeHandleProps<Row extends object> {
  header: Header<TableFeatureSet, Row>;
  name: string;
}

function ResizeHandle<Row extends object>({ header, name }: ResizeHandleProps<Row>) {
  const { t } = useTranslation();
  const start = header.getResizeHandler();
  const size = header.getSize();

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    header.column.table.setColumnSizing((old) => ({
      ...old,
      [header.column.id]: Math.max(60, size + by * RESIZE_STEP),
    }));
  }

  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("common:widthNamed", { name })}
      aria-valuenow={size}
      aria-valuemin={60}
      aria-valuemax={800}
      onMouseDown={start}
      onTouchStart={start}
      onDoubleClick={() => header.column.resetSize()}
      onKeyDown={onKeyDown}
      className="absolute top-1 right-0 h-6 w-1.5 cursor-col-resize touch-none rounded opacity-0 hover:bg-line-strong hover:opacity-100 focus-visible:opacity-100 group-hover:opacity-60"
    />
  );
}
