import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useRef,
} from "react";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { useTexts } from "@/lib/i18n";
import { Checkbox } from "./Checkbox";
import type { TableColumn } from "./VirtualTable";

interface TableRowProps<Row> {
  row: Row;
  index: number;
  top: number;
  label: string;
  columns: TableColumn<Row>[];
  style: CSSProperties;
  /** Its controls are in the tab order. */
  isActive: boolean;
  /** It is the row shortcuts act on. */
  isMarked: boolean;
  isSelected: boolean;
  /** Always the same object, so that a row is only drawn again when it has changed. */
  actions: RowActions<Row>;
}

/** What a row tells its table. */
export interface RowActions<Row> {
  /** Takes the original click, so that Shift selects a range. */
  select: (row: Row, event: unknown) => void;
  activate: (row: Row) => void;
  open: (row: Row) => void;
  step: (by: number) => void;
  /** Goes as many rows on, or back, as are in sight. */
  page: (direction: 1 | -1) => void;
}

const INTERACTIVE = "a, button, input, textarea, [role='checkbox'], [role='combobox']";

function PlainRow<Row extends { id: string }>(props: TableRowProps<Row>) {
  const { t } = useTexts();
  const { row, actions } = props;
  const shift = useRef(false);
  const tabIndex = props.isActive ? 0 : -1;

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || isComposing(event)) return;
    if (event.key === "Enter") actions.open(row);
    else if (event.key === "ArrowDown") actions.step(1);
    else if (event.key === "ArrowUp") actions.step(-1);
    else if (event.key === "PageDown") actions.page(1);
    else if (event.key === "PageUp") actions.page(-1);
    else if (event.key === "Home") actions.step(Number.NEGATIVE_INFINITY);
    else if (event.key === "End") actions.step(Number.POSITIVE_INFINITY);
    else if (event.key === " ") actions.select(row, selectEvent(!props.isSelected, event.shiftKey));
    else return;
    event.preventDefault();
  }

  function onClick(event: MouseEvent) {
    actions.activate(row);
    if (event.target instanceof Element && event.target.closest(INTERACTIVE)) return;
    if (window.getSelection()?.isCollapsed === false) return;
    actions.open(row);
  }

  return (
    <div
      role="row"
      data-row={row.id}
      aria-rowindex={props.index + 2}
      aria-selected={props.isSelected}
      tabIndex={tabIndex}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={(event) => event.target === event.currentTarget && actions.activate(row)}
      style={{ ...props.style, transform: `translateY(${props.top}px)` }}
      className={cn(
        "group/row absolute inset-x-0 top-0 grid h-9 border-line border-b bg-panel -outline-offset-2 hover:bg-hover",
        props.isMarked && "bg-hover",
        props.isSelected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <Cell className="sticky left-0 z-10 justify-center bg-inherit px-0">
        <span
          className="flex"
          onPointerDownCapture={(event) => {
            shift.current = event.shiftKey;
          }}
        >
          <Checkbox
            tabIndex={tabIndex}
            aria-label={t("common:selectNamed", { name: props.label })}
            checked={props.isSelected}
            onCheckedChange={(checked) => {
              actions.select(row, selectEvent(checked, shift.current));
              shift.current = false;
            }}
          />
        </span>
      </Cell>
      {props.columns.map((column, index) => (
        <Cell
          key={column.id}
          className={cn(
            column.align === "right" && "tnum justify-end",
            index === 0 && "sticky left-9 z-10 bg-inherit",
          )}
        >
          {column.cell(row, { tabIndex })}
        </Cell>
      ))}
    </div>
  );
}

/** One row of a VirtualTable. */
export const TableRow = memo(PlainRow) as typeof PlainRow;

/** What TanStack Table reads from a click on a checkbox. */
function selectEvent(checked: boolean, shiftKey: boolean) {
  return { target: { checked }, nativeEvent: { shiftKey }, shiftKey };
}

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div
      role="gridcell"
      className={cn(
        "flex h-full min-w-0 scroll-mt-9 scroll-ml-64 items-center overflow-hidden px-2",
        className,
      )}
    >
      {children}
    </div>
  );
}
