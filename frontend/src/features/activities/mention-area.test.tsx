import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Dialog } from "@/ui/Dialog";
import { MentionArea } from "./MentionArea";
import type { Written } from "./mentions";

const server = setupServer();
const people = [
  { id: "u-amy", name: "Amy Liu", is_active: true },
  { id: "u-an", name: "An Ning", is_active: true },
  { id: "u-gone", name: "Anton", is_active: false },
  { id: "u-chen", name: "陈思远", is_active: true },
];
const onKey = vi.fn();
let written: Written;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  server.use(
    http.get("*/api/v1/users/directory", ({ request }) => {
      const q = (new URL(request.url).searchParams.get("q") ?? "").toLowerCase();
      return HttpResponse.json({
        data: people.filter(({ name }) => name.toLowerCase().includes(q)),
      });
    }),
  );
});

function Area() {
  const [value, setValue] = useState<Written>({ text: "", mentions: [] });
  written = value;
  return (
    <MentionArea
      aria-label="Note"
      value={value}
      onChange={setValue}
      onKeyDown={({ key }) => onKey(key)}
    />
  );
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Note" });
const list = () => screen.findByRole("listbox", { name: "Colleagues" });
const names = async () =>
  within(await list())
    .getAllByRole("option")
    .map(({ textContent }) => textContent);

test("an @ offers colleagues; the arrows and Enter choose one, and one writes on", async () => {
  const { user, baseElement } = render(
    <main>
      <Area />
    </main>,
  );
  await user.type(box(), "Hi @");
  expect(await names()).toEqual(["AAmy Liu", "AAn Ning", "陈陈思远"]);
  expect(document.activeElement).toBe(box());
  const { violations } = await axe.run(baseElement, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
  const current = within(await list()).getByRole("option", { selected: true });
  expect(current.textContent).toContain("An Ning");
  expect(box().getAttribute("aria-activedescendant")).toBe(current.id);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
  expect(written).toEqual({ text: "Hi @An Ning ", mentions: [{ id: "u-an", name: "An Ning" }] });
  await user.keyboard("ok");
  expect(box().value).toBe("Hi @An Ning ok");
});

test("what is typed on narrows the choice; a press chooses too, in the middle of a text", async () => {
  const { user } = render(<Area />);
  await user.type(box(), "see x");
  await user.type(box(), "@am", { initialSelectionStart: 4, initialSelectionEnd: 4 });
  await waitFor(async () => expect(await names()).toEqual(["AAmy Liu"]));
  await user.click(within(await list()).getByRole("option"));
  expect(box().value).toBe("see @Amy Liu x");
  expect(box().selectionStart).toBe(13);
});

test("Escape gives up until the next @, and reaches nothing around it", async () => {
  const change = vi.fn();
  const { user } = render(
    <Dialog open onOpenChange={change} title="Edit">
      <Area />
    </Dialog>,
  );
  await user.type(box(), "@a");
  await list();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
  expect(change).not.toHaveBeenCalled();
  await user.keyboard("m");
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.keyboard(" @");
  await list();
  onKey.mockClear();
  await user.keyboard("{Escape}{Enter}");
  expect(onKey.mock.calls).toEqual([["Enter"]]);
});

test("while an input method composes, Enter and the arrows are its own", async () => {
  const { user } = render(<Area />);
  await user.type(box(), "@a");
  await list();
  onKey.mockClear();
  fireEvent.keyDown(box(), { key: "Enter", isComposing: true });
  fireEvent.keyDown(box(), { key: "Enter", ctrlKey: true });
  expect(onKey).toHaveBeenCalledTimes(2);
  expect(box().value).toBe("@a");
});

test("an address, and what nobody is called, offers nothing; then Enter is a new line", async () => {
  const { user } = render(<Area />);
  await user.type(box(), "wang@");
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.type(box(), " @zzz{Enter}");
  expect(box().value).toBe("wang@ @zzz\n");
});
