import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import { SimpleTable } from "./SimpleTable";

test("a simple table names its rows by the first column", () => {
  render(
    <SimpleTable
      label="People"
      rows={[{ id: "1", name: "Amy", team: "North" }]}
      columns={[
        { id: "name", header: "Name", cell: (row) => row.name },
        { id: "team", header: "Team", cell: (row) => row.team },
      ]}
      actions={(row) => <Button>Edit {row.name}</Button>}
    />,
  );
  const table = screen.getByRole("table", { name: "People" });
  expect(within(table).getByRole("rowheader", { name: "Amy" })).toBeTruthy();
  expect(within(table).getByRole("columnheader", { name: "Team" })).toBeTruthy();
  expect(within(table).getByRole("button", { name: "Edit Amy" })).toBeTruthy();
});

test("the copy button puts its text on the clipboard and says so", async () => {
  const { user } = render(<CopyButton label="Copy the key" text="rap_1" />);
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  const button = screen.getByRole("button", { name: "Copy the key" });
  await user.click(button);
  expect(write).toHaveBeenCalledWith("rap_1");
  await waitFor(() => expect(button.dataset.copied).toBe("true"));
});
