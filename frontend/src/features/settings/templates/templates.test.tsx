import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ActivityTemplate } from "@/api/activity-templates";
import type { Permission } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { me, template } from "@/test/samples";
import { SettingsPage } from "../SettingsPage";

const server = setupServer();
let templates: ActivityTemplate[];
let permissions: Permission[] | undefined;
let sent: { method: string; path: string; body: unknown; version: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

async function note({ request }: { request: Request }) {
  const { pathname } = new URL(request.url);
  const text = await request.text();
  sent.push({
    method: request.method,
    path: pathname.replace("/api/v1", ""),
    body: text === "" ? null : JSON.parse(text),
    version: request.headers.get("if-match"),
  });
  return HttpResponse.json(template("t-1"));
}

beforeEach(() => {
  sent = [];
  permissions = undefined;
  templates = [
    template("t-1", { name: "First call", subject: "Call {{lead.name}}" }),
    template("t-2", { name: "Report", kind: "visit", position: 1 }),
    template("t-3", { name: "Samples", kind: "task", is_shared: false, priority: "high" }),
  ];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me(permissions && { permissions }))),
    http.get("*/api/v1/activity-templates", () => HttpResponse.json({ data: templates })),
    http.post("*/api/v1/activity-templates", note),
    http.patch("*/api/v1/activity-templates/:id", note),
    http.delete("*/api/v1/activity-templates/:id", note),
  );
});

const open = async () => {
  const view = await renderRouted(<SettingsPage section="templates" />);
  const shared = within(await screen.findByRole("list", { name: "For everybody" }));
  const own = within(screen.getByRole("list", { name: "Only mine" }));
  return { ...view, shared, own };
};

test("a template is written with places where the caret was; of each kind what is asked of it", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "New template" }));
  const form = within(await screen.findByRole("dialog", { name: "New template" }));
  await user.click(form.getByRole("button", { name: "Only mine" }));
  await user.type(form.getByRole("textbox", { name: /^Name/ }), "Follow up");
  const subject = form.getByRole("textbox", { name: "Subject" });
  await user.type(subject, "About : ok");
  (subject as HTMLInputElement).setSelectionRange(6, 6);
  await user.click(form.getByRole("button", { name: "Customer" }));
  await waitFor(() => expect(document.activeElement).toBe(subject));
  expect(subject).toHaveProperty("value", "About {{customer.name}}: ok");
  await user.click(form.getByRole("textbox", { name: "Text" }));
  await user.click(form.getByRole("button", { name: "Today" }));
  await user.type(form.getByRole("textbox", { name: "Minutes" }), "15 min");
  await user.type(form.getByRole("textbox", { name: /^Next step after/ }), "7");
  await user.type(form.getByRole("textbox", { name: "What the next step is" }), "Again");
  await user.click(form.getByRole("button", { name: "New template" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent).toEqual([
    {
      method: "POST",
      path: "/activity-templates",
      version: null,
      body: {
        name: "Follow up",
        is_shared: false,
        kind: "call",
        subject: "About {{customer.name}}: ok",
        body: "{{today}}",
        direction: null,
        outcome: null,
        priority: null,
        duration_minutes: 15,
        follow_up_days: 7,
        follow_up_name: "Again",
      },
    },
  ]);
});

test("what is moved keeps its version and gets its place among those of its list", async () => {
  const { user, shared } = await open();
  await user.click(shared.getByRole("button", { name: "Move Report up" }));
  await waitFor(() =>
    expect(sent).toEqual([
      { method: "PATCH", path: "/activity-templates/t-2", version: '"3"', body: { position: 0 } },
    ]),
  );
});

test("a place that does not exist is said at its field; whose it is cannot be changed", async () => {
  server.use(
    http.patch("*/api/v1/activity-templates/:id", () =>
      HttpResponse.json(
        {
          code: "validation_failed",
          title: "Not valid",
          errors: [{ pointer: "/subject", code: "placeholder_unknown", detail: "No such place" }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user, shared } = await open();
  await user.click(shared.getByRole("button", { name: "Actions for First call" }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const form = within(await screen.findByRole("dialog", { name: "Edit First call" }));
  expect(form.queryByRole("button", { name: "Only mine" })).toBeNull();
  await user.click(form.getByRole("button", { name: "Save" }));
  await form.findByText("No such place");
  expect(form.getByRole("textbox", { name: "Subject" }).getAttribute("aria-invalid")).toBe("true");
});

test("one's own is removed with the version that was seen", async () => {
  const { user, own } = await open();
  await user.click(own.getByRole("button", { name: "Actions for Samples" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const question = within(await screen.findByRole("dialog"));
  expect(question.getByText("What was written with it stays.")).toBeTruthy();
  await user.click(question.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(sent[0]).toMatchObject({ method: "DELETE", version: '"3"' }));
});

test("who may not configure changes only their own; who may not write sees no such page", async () => {
  const grant = (action: string) => ({ type: "activity", action, scope: "all" });
  permissions = ["view", "create"].map(grant) as Permission[];
  const { shared, own, unmount } = await open();
  expect(shared.queryByRole("button")).toBeNull();
  expect(own.getByRole("button", { name: "Actions for Samples" })).toBeTruthy();
  unmount();
  permissions = [grant("view")] as Permission[];
  await renderRouted(<SettingsPage section="templates" />);
  await screen.findByText("There is nothing here for you");
});

test("list and form have no accessibility violations", async () => {
  const { user, container } = await open();
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const page = await axe.run(container, { rules });
  expect(page.violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await user.click(screen.getByRole("button", { name: "New template" }));
  const form = await axe.run(await screen.findByRole("dialog"), { rules });
  expect(form.violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});
