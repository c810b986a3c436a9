import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Button } from "./Button";
import { Checkbox } from "./Checkbox";
import { IconButton } from "./IconButton";
import { Input } from "./Input";
import { Kbd } from "./Kbd";
import { LateSelect } from "./LateSelect";
import { RadioGroup } from "./Radio";
import { SegmentedControl } from "./SegmentedControl";
import { Select } from "./Select";
import { Spinner } from "./Spinner";
import { Switch } from "./Switch";
import { Tabs } from "./Tabs";
import { Textarea } from "./Textarea";

test("a busy button refuses presses and says so", async () => {
  const press = vi.fn();
  const { user } = render(
    <Button busy onClick={press}>
      Save
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Save" });
  await user.click(button);
  expect(press).not.toHaveBeenCalled();
  expect(button.getAttribute("aria-busy")).toBe("true");
});

test("an icon button is named by its label", async () => {
  const press = vi.fn();
  const { user } = render(<IconButton label="Archive" onClick={press} />);
  await user.click(screen.getByRole("button", { name: "Archive" }));
  expect(press).toHaveBeenCalledOnce();
});

test("a checkbox toggles by space", async () => {
  const change = vi.fn();
  const { user } = render(<Checkbox aria-label="Pick" onCheckedChange={(on) => change(on)} />);
  await user.tab();
  await user.keyboard(" ");
  expect(change).toHaveBeenCalledWith(true);
});

test("a switch reports its new state", async () => {
  const change = vi.fn();
  const { user } = render(<Switch aria-label="On" onCheckedChange={(on) => change(on)} />);
  await user.click(screen.getByRole("switch", { name: "On" }));
  expect(change).toHaveBeenCalledWith(true);
});

test("radio rows are named by their label and choose", async () => {
  const change = vi.fn();
  const options = [
    { value: "create", label: "Create" },
    { value: "link", label: "Link" },
  ];
  const { user } = render(
    <RadioGroup label="Mode" value="create" onChange={change} options={options} />,
  );
  await user.click(screen.getByRole("radio", { name: "Link" }));
  expect(change).toHaveBeenCalledWith("link");
});

test("a segmented control never loses its choice", async () => {
  const change = vi.fn();
  const options = [
    { value: "list", label: "List" },
    { value: "board", label: "Board" },
  ];
  const { user } = render(
    <SegmentedControl label="View" value="list" onChange={change} options={options} />,
  );
  await user.click(screen.getByRole("button", { name: "List" }));
  expect(change).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Board" }));
  expect(change).toHaveBeenCalledWith("board");
});

test("a select shows the label of its value and offers the others", async () => {
  const change = vi.fn();
  const { user } = render(
    <Select
      label="Level"
      value="a"
      onChange={change}
      emptyLabel="None"
      options={[
        { value: "a", label: "Key account" },
        { value: "b", label: "Ordinary" },
      ]}
    />,
  );
  const box = screen.getByRole("combobox", { name: "Level" });
  expect(box.textContent).toContain("Key account");
  await user.click(box);
  await user.click(await screen.findByRole("option", { name: "Ordinary" }));
  expect(change).toHaveBeenCalledWith("b");
});

test("a select whose code is still on its way opens when it was pressed meanwhile", async () => {
  const change = vi.fn();
  const options = [
    { value: "CNY", label: "Yuan" },
    { value: "USD", label: "Dollar" },
  ];
  const { user } = render(
    <LateSelect label="Currency" value="CNY" onChange={change} options={options} />,
  );
  const face = screen.getByRole("combobox", { name: "Currency" });
  expect(face.textContent).toBe("Yuan");
  fireEvent.click(face);
  await user.click(await screen.findByRole("option", { name: "Dollar" }));
  expect(change).toHaveBeenCalledWith("USD");
});

test("tabs show the chosen panel", async () => {
  function Sample() {
    const [tab, setTab] = useState("one");
    return (
      <Tabs
        label="Parts"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: "one", label: "One", content: "first" },
          { value: "two", label: "Two", content: "second" },
        ]}
      />
    );
  }
  const { user } = render(<Sample />);
  expect(screen.getByRole("tabpanel").textContent).toBe("first");
  await user.click(screen.getByRole("tab", { name: "Two" }));
  expect(screen.getByRole("tabpanel").textContent).toBe("second");
});

test("text controls pass their attributes on", () => {
  render(
    <>
      <Input aria-label="Name" aria-invalid defaultValue="Ada" />
      <Textarea aria-label="Notes" defaultValue="text" />
    </>,
  );
  expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByRole("textbox", { name: "Notes" }).tagName).toBe("TEXTAREA");
});

test("keys are drawn as the keyboard names them", () => {
  const { container } = render(<Kbd keys="$mod+k" />);
  const caps = [...container.querySelectorAll("kbd")].map((cap) => cap.textContent);
  expect(caps.at(-1)).toBe("K");
  expect(["Ctrl", "⌘"]).toContain(caps[0]);
});

test("a spinner is hidden from readers", () => {
  const { container } = render(<Spinner />);
  expect(container.querySelector("[aria-hidden='true']")).not.toBeNull();
});
