import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { renderRouted } from "@/test/routed";
import { activity, me } from "@/test/samples";
import { Composer } from "./Composer";
import { EditActivity } from "./EditActivity";

const server = setupServer();
let posted: { body: Record<string, unknown>; key: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  posted = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/activity-templates", () => HttpResponse.json({ data: [] })),
    http.post("*/api/v1/activities", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      posted.push({ body, key: request.headers.get("idempotency-key") });
      return HttpResponse.json({ ...activity("a-9"), ...body }, { status: 201 });
    }),
  );
});

const about = { type: "lead" as const, id: "l-1", name: "王小明" };
const refusal = { code: "unavailable", title: "Busy", detail: "Try again later" };

async function open() {
  const view = await renderRouted(<Composer about={about} />);
  const composer = await screen.findByRole("region", { name: /^Write down/ });
  const box = () => within(composer).getByRole("textbox", { name: /^(Note|Call|Task)$/ });
  return { ...view, composer, box };
}

test("what was typed is posted, with what the kind asks for", async () => {
  const { user, composer, box } = await open();
  await user.click(within(composer).getByRole("button", { name: "Call" }));
  await user.type(box(), "Agreed on Friday");
  await user.click(within(composer).getByRole("combobox", { name: "Outcome" }));
  await user.click(await screen.findByRole("option", { name: "Reached" }));
  await user.type(within(composer).getByRole("textbox", { name: "Minutes" }), "12");
  await user.click(within(composer).getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]?.body).toEqual({
    kind: "call",
    about: [{ type: "lead", id: "l-1" }],
    body: "Agreed on Friday",
    direction: "outbound",
    outcome: "reached",
    duration_minutes: 12,
  });
  await waitFor(() => expect(box()).toHaveProperty("value", ""));
  expect(localStorage.length).toBe(0);
});

test("Ctrl+Enter posts; Enter alone is a new line, and while composing nothing is posted", async () => {
  const { user, box } = await open();
  await user.type(box(), "one{Enter}two");
  fireEvent.keyDown(box(), { key: "Enter", ctrlKey: true, isComposing: true });
  expect(posted).toEqual([]);
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]?.body).toMatchObject({ kind: "note", body: "one\ntwo" });
});

test("a draft outlives a failure and the page; sent again it has no second effect", async () => {
  server.use(
    http.post(
      "*/api/v1/activities",
      async ({ request }) => {
        posted.push({ body: {}, key: request.headers.get("idempotency-key") });
        return HttpResponse.json(refusal, { status: 503 });
      },
      { once: true },
    ),
  );
  const { user, box, unmount } = await open();
  await user.type(box(), "kept{Control>}{Enter}{/Control}");
  expect((await screen.findByRole("alert")).textContent).toBe("Try again later");
  expect(box()).toHaveProperty("value", "kept");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(posted).toHaveLength(2));
  expect(posted[0]?.key).toBe(posted[1]?.key);
  await user.type(box(), "later");
  unmount();
  const again = await open();
  expect(again.box()).toHaveProperty("value", "later");
});

test("N begins a note and T a task, wherever the focus was", async () => {
  const { user, box } = await open();
  await user.keyboard("t");
  expect(document.activeElement).toBe(box());
  expect(box().getAttribute("aria-label")).toBe("Task");
  box().blur();
  await user.keyboard("n");
  expect(box().getAttribute("aria-label")).toBe("Note");
});

const deal = { type: "opportunity" as const, id: "o-1", name: "Deal" };
const usual = [
  { type: "customer" as const, id: "c-1", name: "云栖餐饮" },
  { type: "contact" as const, id: "p-1", name: "李梅" },
];
const hits = [
  { type: "customer", id: "c-2", name: "Lantern", detail: null },
  { type: "opportunity", id: "o-2", name: "Lantern deal", detail: null },
];

function hasRecords() {
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/search", () => HttpResponse.json({ data: hits })),
    http.get("*/api/v1/customers/c-1", () => HttpResponse.json({ id: "c-1" })),
    http.get("*/api/v1/contacts/p-1", () => HttpResponse.json({ title: "No" }, { status: 404 })),
    http.get("*/api/v1/:type", () => HttpResponse.json({ data: [], page: {} })),
    http.get("*/api/v1/users/directory", () =>
      HttpResponse.json({ data: [{ id: "u-bo", name: "Bo Chen", is_active: true }] }),
    ),
  );
}

test("what goes with a record is taken along as far as it may be seen; a second of a type replaces it", async () => {
  hasRecords();
  const { user, container } = await renderRouted(<Composer about={deal} usual={usual} />);
  await user.type(await screen.findByRole("textbox", { name: "Note" }), "Agreed");
  const about = within(await screen.findByRole("group", { name: "About" }));
  const customer = await about.findByRole("button", { name: "云栖餐饮" });
  expect(customer.getAttribute("aria-pressed")).toBe("true");
  expect(about.queryByText("李梅")).toBeNull();
  await user.click(about.getByRole("button", { name: "Add a record" }));
  await user.type(about.getByRole("combobox", { name: "Add a record" }), "Lan");
  await user.click(await screen.findByRole("option", { name: /^Lantern/ }));
  expect(customer.getAttribute("aria-pressed")).toBe("false");
  await user.click(screen.getByRole("button", { name: "Add a person" }));
  await user.click(await screen.findByRole("option", { name: /^Bo Chen/ }));
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await user.click(screen.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]?.body).toMatchObject({
    about: [
      { type: "opportunity", id: "o-1" },
      { type: "customer", id: "c-2" },
    ],
    participants: [{ type: "user", id: "u-bo" }],
  });
});

test("the form of an activity takes a record and a person away", async () => {
  const patched: unknown[] = [];
  const participants = [{ type: "user" as const, id: "u-bo", name: "Bo Chen" }];
  const old = activity("a-1", { kind: "call", status: "done", body: "x", participants });
  server.use(
    http.patch("*/api/v1/activities/a-1", async ({ request }) => {
      patched.push(await request.json());
      return HttpResponse.json(old);
    }),
  );
  const { user } = render(<EditActivity activity={old} onClose={() => undefined} />);
  await user.click(await screen.findByRole("button", { name: "Remove 王小明" }));
  await user.click(screen.getByRole("button", { name: "Remove Bo Chen" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(patched).toEqual([{ about: [], participants: [] }]));
});

test("who may not write has no box", async () => {
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions: [] }))));
  const { client } = await renderRouted(<Composer about={about} />);
  await waitFor(() => expect(client.getQueryData(["me"])).toBeTruthy());
  expect(screen.queryByRole("region", { name: /^Write down/ })).toBeNull();
});

test.each(["Note", "Call", "Task"])("the box has no accessibility violations: %s", async (kind) => {
  const { user, container, composer, box } = await open();
  await user.click(within(composer).getByRole("button", { name: kind }));
  await user.click(box());
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

const mention = { id: "0190b9a0-0000-7000-8000-000000000001", name: "Bo Chen" };
const kept = `@[Bo Chen](user:${mention.id})`;

test("a colleague is mentioned by @ and may be reminded of a task ahead", async () => {
  hasRecords();
  server.use(
    http.get("*/api/v1/users/directory", () =>
      HttpResponse.json({ data: [{ ...mention, is_active: true }] }),
    ),
  );
  const { user, composer, box } = await open();
  await user.type(box(), "Ask @bo");
  await user.click(await screen.findByRole("option", { name: /Bo Chen$/ }));
  await user.keyboard("please{Control>}{Enter}{/Control}");
  await waitFor(() => expect(posted[0]?.body).toMatchObject({ body: `Ask ${kept} please` }));
  await user.click(within(composer).getByRole("button", { name: "Task" }));
  expect(within(composer).queryByRole("combobox", { name: "Reminder" })).toBeNull();
  await user.type(box(), "Call");
  await user.click(within(composer).getByRole("button", { name: /^Due/ }));
  await user.click(await screen.findByRole("button", { name: /^Today/ }));
  await user.click(within(composer).getByRole("combobox", { name: "Reminder" }));
  await user.click(await screen.findByRole("option", { name: "1 hour before" }));
  await user.click(within(composer).getByRole("button", { name: /^Plan/ }));
  await waitFor(() => expect(posted).toHaveLength(2));
  const [, task] = posted;
  const ahead = Date.parse(String(task?.body.due_at)) - Date.parse(String(task?.body.reminder_at));
  expect(ahead).toBe(3_600_000);
});

test("who may not be mentioned is named, and the draft is kept", async () => {
  const detail = "Bo Chen may not see this record.";
  server.use(
    http.post("*/api/v1/activities", () =>
      HttpResponse.json(
        {
          code: "validation_failed",
          title: "Not valid",
          errors: [{ pointer: "/body", code: "mention_not_visible", detail }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user, box } = await open();
  await user.type(box(), "x{Control>}{Enter}{/Control}");
  expect((await screen.findByRole("alert")).textContent).toBe(detail);
  expect(box()).toHaveProperty("value", "x");
});

test("a text that mentions somebody is edited by name and kept with who is meant", async () => {
  const patched: unknown[] = [];
  hasRecords();
  server.use(
    http.patch("*/api/v1/activities/a-1", async ({ request }) => {
      patched.push(await request.json());
      return HttpResponse.json(activity("a-1"));
    }),
  );
  const note = activity("a-1", {
    kind: "note",
    status: "done",
    name: "Ask @Bo Chen",
    body: `Ask ${kept}`,
    mentions: [mention],
  });
  const { user } = render(<EditActivity activity={note} onClose={() => undefined} />);
  const area = await screen.findByRole("textbox", { name: "Note" });
  expect(area).toHaveProperty("value", "Ask @Bo Chen");
  expect(screen.queryByRole("combobox", { name: "Reminder" })).toBeNull();
  await user.type(area, " again");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(patched).toEqual([{ name: null, body: `Ask ${kept} again` }]));
});

test("what stands beside the box writes into it, and hears when that was posted", async () => {
  const onPosted = vi.fn();
  const { user } = await renderRouted(
    <Composer
      about={about}
      renderBeside={(write) => (
        <button type="button" onClick={() => write("call", "from the pad", onPosted)}>
          Log
        </button>
      )}
    />,
  );
  const composer = within(await screen.findByRole("region", { name: /^Write down/ }));
  await user.type(composer.getByRole("textbox", { name: "Note" }), "begun");
  await user.click(composer.getByRole("button", { name: "Log" }));
  const box = composer.getByRole("textbox", { name: "Call" });
  expect(box).toHaveProperty("value", "begun\nfrom the pad");
  expect(document.activeElement).toBe(box);
  expect(onPosted).not.toHaveBeenCalled();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(onPosted).toHaveBeenCalledOnce());
  expect(posted[0]?.body).toMatchObject({ kind: "call", body: "begun\nfrom the pad" });
  await user.type(box, "another{Control>}{Enter}{/Control}");
  await waitFor(() => expect(posted).toHaveLength(2));
  expect(onPosted).toHaveBeenCalledOnce();
});
