import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { render } from "@/test/render";
import { InlineEdit } from "./InlineEdit";

const NAMES = ["one", "two", "locked", "three"];

function Cell({ name }: { name: string }) {
  const [value, setValue] = useState(name);
  return (
    <td>
      <InlineEdit
        label={name}
        value={value}
        display={value}
        disabled={name === "locked"}
        isCompact
        onSave={setValue}
        editor={({ draft, change }) => (
          <input
            autoFocus
            aria-label={name}
            value={draft}
            onChange={(event) => change(event.target.value)}
          />
        )}
      />
    </td>
  );
}

function Grid() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the lists are grids too
    <table role="grid">
      <tbody>
        {["1", "2"].map((row) => (
          <tr key={row}>
            {NAMES.map((name) => (
              <Cell key={name} name={name === "locked" ? name : name + row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const editing = () => document.activeElement?.getAttribute("aria-label");
const press = (name: string) => screen.getByRole("button", { name: new RegExp(`Edit ${name}`) });

test("Tab saves and goes to the next cell that can be edited, and on into the next row", async () => {
  const { user } = render(<Grid />);
  await user.click(press("one1"));
  await user.type(screen.getByRole("textbox"), "!{Tab}");
  expect(editing()).toBe("two1");
  expect(press("one1").textContent).toContain("one1!");
  await user.keyboard("{Tab}");
  expect(editing()).toBe("three1");
  await user.keyboard("{Tab}");
  expect(editing()).toBe("one2");
  expect(screen.getAllByRole("textbox")).toHaveLength(1);
});

test("Shift+Tab goes back, Esc takes the cell back, Enter stays in it", async () => {
  const { user } = render(<Grid />);
  await user.click(press("one2"));
  await user.keyboard("{Shift>}{Tab}{/Shift}");
  expect(editing()).toBe("three1");
  await user.keyboard("x{Escape}");
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(document.activeElement).toBe(press("three1"));
  expect(press("three1").textContent).not.toContain("x");
  await user.keyboard("{Enter}y{Enter}");
  expect(document.activeElement).toBe(press("three1"));
  expect(press("three1").textContent).toContain("three1y");
});

test("at the last cell Tab saves and stays", async () => {
  const { user } = render(<Grid />);
  await user.click(press("three2"));
  await user.type(screen.getByRole("textbox"), "!{Tab}");
  expect(document.activeElement).toBe(press("three2"));
  expect(press("three2").textContent).toContain("three2!");
});
