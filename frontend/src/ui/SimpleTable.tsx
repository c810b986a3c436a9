import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

/** A column of a SimpleTable. */
export interface SimpleColumn<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  className?: string;
  /** Not worth its room on a phone. */
  isMinor?: boolean;
}

interface SimpleTableProps<Row extends { id: string }> {
  /** Read out as the name of the table. */
  label: string;
  rows: Row[];
  /** The first column names the row. */
  columns: SimpleColumn<Row>[];
  /** Buttons at the end of a row. */
  actions?: (row: Row) => ReactNode;
}

/** A short table of settings; on a phone every row is a small card. */
export function SimpleTable<Row extends { id: string }>(props: SimpleTableProps<Row>) {
  const { label, rows, columns, actions } = props;
  return (
    <table aria-label={label} className="w-full border-collapse text-left phone:block">
      <thead className="phone:sr-only">
        <tr className="border-line border-b">
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              className={cn("h-8 pr-3 font-normal text-fg3 text-xs", column.className)}
            >
              {column.header}
            </th>
          ))}
          {actions && <td />}
        </tr>
      </thead>
      <tbody className="phone:block">
        {rows.map((row) => (
          <tr
            key={row.id}
            className="group h-11 border-line border-b phone:relative phone:flex phone:h-auto phone:flex-wrap phone:items-center phone:gap-x-2 phone:py-2.5 phone:pr-12"
          >
            {columns.map((column, index) => {
              const Cell = index === 0 ? "th" : "td";
              return (
                <Cell
                  key={column.id}
                  scope={index === 0 ? "row" : undefined}
                  className={cn(
                    "py-1.5 pr-3 align-middle font-normal",
                    index === 0 ? "phone:w-full" : "text-fg2 phone:py-0.5",
                    column.isMinor && "phone:hidden",
                    column.className,
                  )}
                >
                  {column.cell(row)}
                </Cell>
              );
            })}
            {actions && (
              <td className="w-0 whitespace-nowrap py-1 text-right phone:absolute phone:top-1 phone:right-0 phone:w-auto">
                {actions(row)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
