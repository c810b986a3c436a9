import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Button } from "./Button";
import { ConfirmDialog } from "./ConfirmDialog";
import { Dialog } from "./Dialog";
import { Drawer } from "./Drawer";
import { Menu } from "./Menu";
import { Popover } from "./Popover";
import { toast } from "./Toast";
import { Tooltip } from "./Tooltip";

test("a dialog is named, closes by Escape and by its button", async () => {
  const change = vi.fn();
  const { user } = render(
    <Dialog open onOpenChange={change} title="New lead" footer={<Button>Save</Button>}>
      <input aria-label="Name" />
    </Dialog>,
  );
  await screen.findByRole("dialog", { name: "New lead" });
  await user.keyboard("{Escape}");
  expect(change).toHaveBeenLastCalledWith(false);
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(change).toHaveBeenCalledTimes(2);
});

test("a confirmation names the deed and can be refused", async () => {
  const confirm = vi.fn();
  const change = vi.fn();
  const { user } = render(
    <ConfirmDialog
      open
      onOpenChange={change}
      title="Delete 3 leads?"
      confirmLabel="Delete"
      onConfirm={confirm}
      danger
    >
      They go to the trash.
    </ConfirmDialog>,
  );
  await screen.findByRole("alertdialog", { name: "Delete 3 leads?" });
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(confirm).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(confirm).toHaveBeenCalledOnce();
});

test("a drawer is a named dialog", async () => {
  render(
    <Drawer open onOpenChange={() => undefined} title="Filters">
      content
    </Drawer>,
  );
  const drawer = await screen.findByRole("dialog", { name: "Filters" });
  expect(drawer.textContent).toContain("content");
});

test("a menu runs the chosen entry and shows what is ticked", async () => {
  const run = vi.fn();
  const { user } = render(
    <Menu
      trigger={<Button>More</Button>}
      groups={[
        [{ id: "copy", label: "Copy link", onSelect: run }],
        [],
        [{ id: "dark", label: "Dark", checked: true, onSelect: run }],
      ]}
    />,
  );
  await user.click(screen.getByRole("button", { name: "More" }));
  const ticked = await screen.findByRole("menuitemcheckbox", { name: "Dark" });
  expect(ticked.getAttribute("aria-checked")).toBe("true");
  await user.click(screen.getByRole("menuitem", { name: "Copy link" }));
  expect(run).toHaveBeenCalledOnce();
});

test("a popover opens by its trigger", async () => {
  const { user } = render(
    <Popover label="Columns" trigger={<Button>Columns</Button>}>
      inside
    </Popover>,
  );
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Columns" }));
  expect((await screen.findByRole("dialog", { name: "Columns" })).textContent).toBe("inside");
});

test("a tooltip leaves the control its own name", () => {
  render(
    <Tooltip content="Ctrl+K">
      <button type="button">Search</button>
    </Tooltip>,
  );
  expect(screen.getByRole("button", { name: "Search" })).toBeTruthy();
});

test("a toast offers undo, once, by its button or by Ctrl+Z", async () => {
  const undo = vi.fn();
  const { user } = render(<p>page</p>);
  toast("Moved to trash", { action: { label: "Undo", run: undo } });
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  await user.keyboard("{Control>}z{/Control}");
  expect(undo).toHaveBeenCalledOnce();
  toast("Moved again", { action: { label: "Undo", run: undo } });
  await screen.findByText("Moved again");
  await user.keyboard("{Control>}z{/Control}");
  expect(undo).toHaveBeenCalledTimes(2);
  await waitFor(() => expect(screen.queryByText("Moved again")).toBeNull());
});

test("what comes by itself is not what Ctrl+Z takes back", async () => {
  const undo = vi.fn();
  const open = vi.fn();
  const { user } = render(<p>page</p>);
  toast("Moved once more", { action: { label: "Undo", run: undo } });
  toast("Bo mentioned you", { tone: "news", action: { label: "Open", run: open } });
  await screen.findByText("Bo mentioned you");
  await user.keyboard("{Control>}z{/Control}");
  expect(undo).toHaveBeenCalledOnce();
  expect(open).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(open).toHaveBeenCalledOnce();
});

test("a toast about something that went wrong is found with its button, and read out once", async () => {
  const { user } = render(<p>page</p>);
  toast("Not saved", { tone: "error", description: "No network" });
  const urgent = await screen.findByRole("alertdialog", { name: "Not saved" });
  expect(urgent.getAttribute("aria-live")).toBe("off");
  expect(screen.getAllByRole("alert")).toHaveLength(1);
  await user.click(within(urgent).getByRole("button", { name: "Dismiss" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

test("a dialog can be opened from state and gives the focus back", async () => {
  function Sample() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <Button onClick={() => setOpen(true)}>Open</Button>
        <Dialog open={open} onOpenChange={setOpen} title="Hello">
          text
        </Dialog>
      </>
    );
  }
  const { user } = render(<Sample />);
  await user.click(screen.getByRole("button", { name: "Open" }));
  await screen.findByRole("dialog", { name: "Hello" });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Open"));
});
