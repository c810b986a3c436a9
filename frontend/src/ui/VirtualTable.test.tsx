import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { ColumnChooser } from "./ColumnChooser";
import { FacetPanel } from "./FacetPanel";
import { orderedIds, type TableLayout } from "./table-layout";
import { type TableSort, VirtualTable } from "./VirtualTable";

interface Row {
  id: string;
  name: string;
}

const rows: Row[] = Array.from({ length: 1000 }, (_, index) => ({
  id: `r${index}`,
  name: `Row ${index}`,
}));
const columns = [
  {
    id: "name",
    header: "Name",
    width: 200,
    sortKey: "name",
    cell: (row: Row) => row.name,
  },
  { id: "id", header: "Number", width: 100, cell: (row: Row) => row.id },
];

// The test DOM has no layout; without a height no row would be in view.
beforeEach(() => {
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(800);
  }
});

interface SampleProps {
  onOpen?: (row: Row) => void;
  onReachEnd?: () => void;
  onSort?: (sort: TableSort) => void;
}

function Sample(props: SampleProps) {
  const [layout, setLayout] = useState<TableLayout>({ order: [], hidden: [], widths: {} });
  const [selection, setSelection] = useState<Set<string>>(new Set());
  const [activeId, setActiveId] = useState<string | null>(null);
  return (
    <>
      <ColumnChooser
        columns={[{ id: "id", header: "Number" }]}
        layout={layout}
        onChange={setLayout}
      />
      <output>{[...selection].join(",")}</output>
      <VirtualTable
        label="Rows"
        rows={rows}
        columns={columns}
        rowLabel={(row) => row.name}
        layout={layout}
        onLayoutChange={setLayout}
        sort={{ key: "name", descending: false }}
        onSort={props.onSort ?? (() => undefined)}
        selection={selection}
        onSelectionChange={setSelection}
        activeId={activeId}
        onActiveChange={setActiveId}
        onOpen={props.onOpen ?? (() => undefined)}
        hasMore
        onReachEnd={props.onReachEnd ?? (() => undefined)}
      />
    </>
  );
}

test("only rows near the view are drawn, and all are counted", () => {
  const reach = vi.fn();
  render(<Sample onReachEnd={reach} />);
  const grid = screen.getByRole("grid", { name: "Rows" });
  expect(grid.getAttribute("aria-rowcount")).toBe("1001");
  expect(within(grid).getAllByRole("row").length).toBeGreaterThan(20);
  expect(within(grid).getAllByRole("row").length).toBeLessThan(80);
  expect(reach).not.toHaveBeenCalled();
});

test("J and K move, X selects, Enter opens", async () => {
  const open = vi.fn();
  const { user } = render(<Sample onOpen={open} />);
  await user.keyboard("j");
  await user.keyboard("j");
  await user.keyboard("x");
  expect(screen.getByRole("status").textContent).toBe("r1");
  await user.keyboard("k");
  await vi.waitFor(() => expect(document.activeElement?.getAttribute("data-row")).toBe("r0"));
  await user.keyboard("{Enter}");
  expect(open).toHaveBeenCalledWith(rows[0]);
});

test("shift and a click select the rows between", async () => {
  const { user } = render(<Sample />);
  await user.click(screen.getByRole("checkbox", { name: "Select Row 1" }));
  await user.keyboard("{Shift>}");
  await user.click(screen.getByRole("checkbox", { name: "Select Row 4" }));
  await user.keyboard("{/Shift}");
  expect(screen.getByRole("status").textContent).toBe("r1,r2,r3,r4");
});

test("the head selects everything loaded and sorts", async () => {
  const sort = vi.fn();
  const { user } = render(<Sample onSort={sort} />);
  await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
  expect(screen.getByRole("status").textContent?.split(",").length).toBe(1000);
  expect(screen.getByRole("columnheader", { name: /Name/ }).getAttribute("aria-sort")).toBe(
    "ascending",
  );
  await user.click(screen.getByRole("button", { name: "Name" }));
  expect(sort).toHaveBeenCalledWith({ key: "name", descending: true });
});

test("columns can be hidden, and widened by keyboard", async () => {
  const { user } = render(<Sample />);
  const handle = screen.getByRole("separator", { name: "Width of Name" });
  handle.focus();
  await user.keyboard("{ArrowRight}");
  expect(
    screen.getByRole("separator", { name: "Width of Name" }).getAttribute("aria-valuenow"),
  ).toBe("216");
  await user.click(screen.getByRole("button", { name: "Columns" }));
  await user.click(await screen.findByRole("checkbox", { name: "Number" }));
  expect(screen.queryByRole("columnheader", { name: /Number/ })).toBeNull();
});

test("whole pages are turned by key, and the focused row outlives being scrolled away", async () => {
  const { user } = render(<Sample />);
  const row = (name: string) => screen.getByRole("gridcell", { name }).closest("[role='row']");
  (row("Row 0") as HTMLElement).focus();
  await user.keyboard("{PageDown}");
  // 800 px hold 22 rows; one of them stays in sight.
  await waitFor(() => expect(document.activeElement).toBe(row("Row 21")));
  await user.keyboard("{End}");
  await waitFor(() => expect(document.activeElement).toBe(row("Row 999")));
  const grid = screen.getByRole("grid");
  grid.scrollTop = 0;
  fireEvent.scroll(grid);
  await screen.findByRole("gridcell", { name: "Row 1" });
  expect(document.activeElement).toBe(row("Row 999"));
  await user.keyboard("{Home}");
  await waitFor(() => expect(document.activeElement).toBe(row("Row 0")));
});

test("a column added later comes after the arranged ones", () => {
  expect(orderedIds(["a", "b", "c"], ["c", "gone", "a"])).toEqual(["c", "a", "b"]);
});

test("facets show counts, can be searched when long, and report the whole selection", async () => {
  const change = vi.fn();
  const options = Array.from({ length: 12 }, (_, index) => ({
    value: `v${index}`,
    label: `Value ${index}`,
    count: index * 1000,
  }));
  const { user } = render(
    <FacetPanel
      facets={[{ id: "status", label: "Status", options, selected: ["v1"] }]}
      onChange={change}
    />,
  );
  expect(screen.getByText("3,000")).toBeTruthy();
  await user.click(screen.getByRole("checkbox", { name: "Value 2" }));
  expect(change).toHaveBeenLastCalledWith("status", ["v1", "v2"]);
  await user.click(screen.getByRole("checkbox", { name: "Value 1" }));
  expect(change).toHaveBeenLastCalledWith("status", []);
  await user.click(screen.getByRole("button", { name: "Show all 12" }));
  await user.type(screen.getByRole("textbox", { name: "Filter Status" }), "11");
  expect(screen.getAllByRole("checkbox").length).toBe(1);
});
