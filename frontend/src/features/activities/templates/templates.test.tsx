import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ActivityTemplate, FilledTemplate } from "@/api/activity-templates";
import { renderRouted } from "@/test/routed";
import { activity, me, template } from "@/test/samples";
import { Composer } from "../Composer";

const server = setupServer();
let templates: ActivityTemplate[];
let asked: { id: unknown; body: unknown }[];
let posted: Record<string, unknown>[];

const filled: FilledTemplate = {
  kind: "call",
  name: "Call 王小明",
  body: "- need\n- budget",
  direction: "outbound",
  outcome: "interested",
  priority: null,
  duration_minutes: 15,
  follow_up: { due_at: "2026-12-01T01:00:00Z", name: "Ask again" },
  missing: ["contact.name"],
};

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  posted = [];
  templates = [
    template("t-visit", { name: "Report", kind: "visit" }),
    template("t-call", { name: "First call" }),
  ];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/activity-templates", () => HttpResponse.json({ data: templates })),
    http.post("*/api/v1/activity-templates/:id/preview", async ({ params, request }) => {
      asked.push({ id: params.id, body: await request.json() });
      return HttpResponse.json(filled);
    }),
    http.post("*/api/v1/activities", async ({ request }) => {
      posted.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json(activity("a-9"), { status: 201 });
    }),
  );
});

const about = { type: "lead" as const, id: "l-1", name: "王小明" };

async function open() {
  const view = await renderRouted(<Composer about={about} />);
  const composer = within(await screen.findByRole("region", { name: /^Write down/ }));
  return { ...view, composer };
}

test("M shows the templates, those of the kind first; one fills the draft, which is sent as it says", async () => {
  const { user, composer } = await open();
  await user.keyboard("m");
  const menu = within(await screen.findByRole("menu"));
  await menu.findByRole("menuitem", { name: "First call · Call" });
  await user.keyboard("{Escape}");
  await user.click(composer.getByRole("button", { name: "Call" }));
  await user.click(composer.getByRole("button", { name: "Templates" }));
  const entries = within(await screen.findByRole("menu")).getAllByRole("menuitem");
  expect(entries.map(({ textContent }) => textContent)).toEqual([
    "First call",
    "Report · Visit",
    "Edit templates…",
  ]);
  await user.click(screen.getByRole("menuitem", { name: "First call" }));
  await composer.findByDisplayValue(/^Call 王小明/);
  expect(asked).toEqual([{ id: "t-call", body: { about: [{ type: "lead", id: "l-1" }] } }]);
  await composer.findByText("Left blank, because this record has none: Contact");
  await composer.findByText("Ask again");
  await user.click(composer.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toEqual({
    kind: "call",
    about: [{ type: "lead", id: "l-1" }],
    body: "Call 王小明\n- need\n- budget",
    direction: "outbound",
    outcome: "interested",
    duration_minutes: 15,
    follow_up: { due_at: "2026-12-01T01:00:00Z", name: "Ask again" },
  });
});

test("what a template has written over comes back", async () => {
  const { user, composer } = await open();
  const note = composer.getByRole("textbox", { name: "Note" });
  await user.type(note, "half a thought");
  await user.click(await composer.findByRole("button", { name: "Templates" }));
  await user.click(await screen.findByRole("menuitem", { name: "First call · Call" }));
  await composer.findByDisplayValue(/^Call 王小明/);
  // The newest toast comes first; that of the test before may still be there.
  const [undo] = await screen.findAllByRole("button", { name: "Undo" });
  await user.click(undo as HTMLElement);
  await composer.findByDisplayValue("half a thought");
  expect(composer.queryByText(/^Left blank/)).toBeNull();
});

test("a template that cannot be used is said, and nothing is written over", async () => {
  server.use(
    http.post("*/api/v1/activity-templates/:id/preview", () =>
      HttpResponse.json(
        { code: "not_found", title: "Gone", detail: "It was deleted" },
        { status: 404 },
      ),
    ),
  );
  const { user, composer } = await open();
  const note = composer.getByRole("textbox", { name: "Note" });
  await user.type(note, "kept");
  await user.click(await composer.findByRole("button", { name: "Templates" }));
  await user.click(await screen.findByRole("menuitem", { name: "First call · Call" }));
  await screen.findAllByText("It was deleted");
  expect(note).toHaveProperty("value", "kept");
});

test("without templates the menu leads to where they are made", async () => {
  templates = [];
  const { user, composer, path } = await open();
  await user.click(composer.getByRole("textbox", { name: "Note" }));
  await user.click(await composer.findByRole("button", { name: "Templates" }));
  await screen.findByRole("menuitem", { name: "No templates yet" });
  await user.click(screen.getByRole("menuitem", { name: "Edit templates…" }));
  await waitFor(() => expect(path()).toBe("/settings/templates"));
});
