import { fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Combobox, type Option } from "./Combobox";
import { DateField } from "./DateField";
import { InlineEdit } from "./InlineEdit";
import { Input } from "./Input";
import { MoneyField, type MoneyValue } from "./MoneyField";
import { TagInput } from "./TagInput";
import { EmailField, PhoneField } from "./TextFields";

function InlineSample({ onSave }: { onSave: (value: string) => void }) {
  const [value, setValue] = useState("云栖");
  return (
    <>
      <InlineEdit
        label="Name"
        value={value}
        display={value}
        onSave={(next) => {
          setValue(next);
          onSave(next);
        }}
        editor={({ draft, change }) => (
          <Input
            aria-label="Name"
            autoFocus
            value={draft}
            onChange={(event) => change(event.target.value)}
          />
        )}
      />
      <button type="button">elsewhere</button>
    </>
  );
}

test("inline edit: what is pressed elsewhere stays under the pointer; what was typed is saved at once", async () => {
  const save = vi.fn();
  const { user } = render(<InlineSample onSave={save} />);
  await user.click(screen.getByRole("button", { name: /云栖/ }));
  await user.type(screen.getByRole("textbox"), "科技");
  const elsewhere = screen.getByRole("button", { name: "elsewhere" });
  await user.pointer({ keys: "[MouseLeft>]", target: elsewhere });
  await vi.waitFor(() => expect(save).toHaveBeenCalledExactlyOnceWith("云栖科技"));
  expect(screen.getByRole("textbox")).toBeTruthy();
  await user.pointer({ keys: "[/MouseLeft]", target: elsewhere });
  await vi.waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  expect(document.activeElement).toBe(elsewhere);
  expect(save).toHaveBeenCalledOnce();
});

test("inline edit: Enter opens and saves, Escape reverts", async () => {
  const save = vi.fn();
  const { user } = render(<InlineSample onSave={save} />);
  await user.tab();
  await user.keyboard("{Enter}");
  await user.clear(screen.getByRole("textbox", { name: "Name" }));
  await user.keyboard("金石{Enter}");
  expect(save).toHaveBeenCalledExactlyOnceWith("金石");
  await user.click(screen.getByRole("button", { name: /金石/ }));
  await user.keyboard("xyz{Escape}");
  expect(save).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: /金石/ })).toBeTruthy();
});

test("inline edit: leaving saves, an unchanged value is not sent", async () => {
  const save = vi.fn();
  const { user } = render(<InlineSample onSave={save} />);
  await user.click(screen.getByRole("button", { name: /云栖/ }));
  await user.click(screen.getByRole("button", { name: "elsewhere" }));
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  expect(save).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: /云栖/ }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), "二");
  await user.click(screen.getByRole("button", { name: "elsewhere" }));
  await waitFor(() => expect(save).toHaveBeenCalledExactlyOnceWith("云栖二"));
});

test("inline edit: Enter that confirms a candidate of the input method does not save", async () => {
  const save = vi.fn();
  const { user } = render(<InlineSample onSave={save} />);
  await user.click(screen.getByRole("button", { name: /云栖/ }));
  const box = screen.getByRole("textbox", { name: "Name" });
  await user.type(box, "x");
  fireEvent.keyDown(box, { key: "Enter", isComposing: true });
  fireEvent.keyDown(box, { key: "Enter", keyCode: 229 });
  expect(save).not.toHaveBeenCalled();
  fireEvent.keyDown(box, { key: "Enter" });
  expect(save).toHaveBeenCalledOnce();
});

test("money: separators and 万 are understood, the amount stays a decimal string", async () => {
  const change = vi.fn();
  function Sample() {
    const [value, setValue] = useState<MoneyValue | null>(null);
    return (
      <MoneyField
        label="Amount"
        currency="CNY"
        value={value}
        onChange={(next) => {
          setValue(next);
          change(next);
        }}
      />
    );
  }
  const { user } = render(<Sample />);
  await user.type(screen.getByRole("textbox", { name: "Amount" }), "85.8万");
  expect(change).toHaveBeenLastCalledWith({ amount: "858000", currency: "CNY" });
  await user.clear(screen.getByRole("textbox", { name: "Amount" }));
  expect(change).toHaveBeenLastCalledWith(null);
});

test("tags: Enter and commas of both languages add, Backspace removes", async () => {
  const change = vi.fn();
  function Sample() {
    const [tags, setTags] = useState(["展会"]);
    return (
      <TagInput
        label="Tags"
        value={tags}
        onChange={(next) => {
          setTags(next);
          change(next);
        }}
      />
    );
  }
  const { user } = render(<Sample />);
  const box = screen.getByRole("textbox", { name: "Tags" });
  await user.type(box, "标杆{Enter}");
  expect(change).toHaveBeenLastCalledWith(["展会", "标杆"]);
  await user.type(box, "老客户，");
  expect(change).toHaveBeenLastCalledWith(["展会", "标杆", "老客户"]);
  await user.type(box, "{Backspace}");
  expect(change).toHaveBeenLastCalledWith(["展会", "标杆"]);
  fireEvent.change(box, { target: { value: "拼" } });
  fireEvent.keyDown(box, { key: "Enter", isComposing: true });
  expect(change).toHaveBeenCalledTimes(3);
});

const PEOPLE: Option[] = [
  { id: "1", name: "陈思远" },
  { id: "2", name: "林晓" },
];

test("combobox: searches, picks, and creates what is missing", async () => {
  const change = vi.fn();
  const search = vi.fn(async (text: string) => PEOPLE.filter(({ name }) => name.includes(text)));
  const create = vi.fn(async (name: string) => ({ id: "3", name }));
  const { user } = render(
    <Combobox label="Owner" value={null} onChange={change} search={search} onCreate={create} />,
  );
  const box = screen.getByRole("combobox", { name: "Owner" });
  await user.click(box);
  await user.click(await screen.findByRole("option", { name: "林晓" }));
  expect(change).toHaveBeenLastCalledWith(PEOPLE[1]);
  await user.clear(box);
  await user.type(box, "周启明");
  await user.click(await screen.findByRole("option", { name: /Create “周启明”/ }));
  await waitFor(() => expect(change).toHaveBeenLastCalledWith({ id: "3", name: "周启明" }));
});

test("a date is shown in full and can be cleared", async () => {
  const change = vi.fn();
  const { user } = render(<DateField label="Close" value="2026-11-21" onChange={change} />);
  expect(screen.getByRole("button", { name: /Nov 21, 2026/ })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Clear" }));
  expect(change).toHaveBeenCalledWith(null);
});

test("a day chosen in the calendar is a plain date", async () => {
  const change = vi.fn();
  const { user } = render(<DateField label="Close" value="2026-11-21" onChange={change} />);
  await user.click(screen.getByRole("button", { name: /Nov 21, 2026/ }));
  await user.click(await screen.findByRole("button", { name: /November 3rd, 2026/ }));
  expect(change).toHaveBeenCalledWith("2026-11-03");
});

test("an e-mail loses the blanks around it; a phone offers the right keyboard", async () => {
  const change = vi.fn();
  const { user } = render(
    <>
      <EmailField aria-label="E-mail" onChange={(event) => change(event.target.value)} />
      <PhoneField aria-label="Phone" />
    </>,
  );
  await user.type(screen.getByLabelText("E-mail"), " a@b.cn ");
  await user.tab();
  expect(change).toHaveBeenLastCalledWith("a@b.cn");
  expect(screen.getByLabelText("Phone").getAttribute("inputmode")).toBe("tel");
});
