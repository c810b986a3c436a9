import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Role, User } from "@/api/people";
import type { Permission } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { me, pipeline, stage } from "@/test/samples";
import { SettingsPage } from "./SettingsPage";

const server = setupServer();
let sent: { method: string; path: string; search: string; body: unknown; version: string | null }[];
let feed: { created_at: string; last_used_at: string | null } | null;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const role = (id: string, values: Partial<Role> = {}): Role => ({
  id,
  key: id,
  name: id,
  names: { en: id },
  description: "",
  is_builtin: false,
  grants: [],
  version: 3,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  ...values,
});

const user = (id: string, values: Partial<User> = {}): User => ({
  id,
  name: id,
  email: `${id}@example.com`,
  language: "en",
  time_zone: "Asia/Shanghai",
  team_id: null,
  team: null,
  manager_id: null,
  manager: null,
  roles: [{ id: "Sales", key: "sales", name: "Salesperson" }],
  is_active: true,
  last_sign_in_at: null,
  version: 2,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  ...values,
});

const status = {
  key: "working",
  name: "Working",
  names: { en: "Working" },
  category: "working",
  color: "blue",
  position: 0,
  is_active: true,
  version: 1,
};

const lists: Record<string, unknown[]> = {
  users: [user("Amy"), user("Bo", { is_active: false })],
  teams: [
    { id: "t-1", name: "Sales", parent_id: null, version: 1 },
    { id: "t-2", name: "North", parent_id: "t-1", version: 1 },
  ],
  roles: [
    role("Admin", { is_builtin: true }),
    role("Helpers", { grants: [{ type: "lead", action: "view", scope: "own" }] }),
  ],
  pipelines: [pipeline()],
  "lead-statuses": [status, { ...status, key: "cold", name: "Cold", names: { en: "Cold" } }],
  sources: [],
  "api-keys": [],
};

async function keep(request: Request) {
  const { pathname, search } = new URL(request.url);
  const text = await request.text();
  sent.push({
    method: request.method,
    path: pathname.replace("/api/v1", ""),
    search,
    body: text === "" ? null : JSON.parse(text),
    version: request.headers.get("if-match"),
  });
}

beforeEach(() => {
  sent = [];
  feed = null;
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/me/sessions", () => HttpResponse.json({ data: [] })),
    http.get("*/api/v1/me/calendar-feed", () =>
      HttpResponse.json(feed ?? { created_at: null, last_used_at: null }),
    ),
    http.get("*/api/v1/opportunities/summary", () => HttpResponse.json({ data: [] })),
    http.get("*/api/v1/users/:id/holdings", () => HttpResponse.json({ is_any_open: false })),
    http.get("*/api/v1/:list", ({ params }) =>
      HttpResponse.json({ data: lists[String(params.list)] ?? [], page: { has_more: false } }),
    ),
    http.all("*/api/v1/*", async ({ request }) => {
      await keep(request);
      return request.method === "DELETE"
        ? new HttpResponse(null, { status: 204 })
        : HttpResponse.json({ id: "new", key: "rap_secret", version: 9 });
    }),
  );
});

/** Answers the next change with a refusal. */
function refuse(code: string, status_: number, errors: object[] = []) {
  server.use(
    http.all(
      "*/api/v1/*",
      async ({ request }) => {
        if (request.method === "GET") return;
        await keep(request);
        return HttpResponse.json({ code, title: code, errors }, { status: status_ });
      },
      { once: false },
    ),
  );
}

const open = (section: string | null) => renderRouted(<SettingsPage section={section} />);

test("only what the user may see is listed", async () => {
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions: [] }))));
  await open("people");
  const nav = await screen.findByRole("navigation", { name: "Settings" });
  await within(nav).findByRole("link", { name: "Profile" });
  expect(within(nav).queryByRole("link", { name: "People" })).toBeNull();
  expect(await screen.findByText("There is nothing here for you")).toBeTruthy();
});

test("without the right to configure everything is for reading", async () => {
  const permissions: Permission[] = [{ type: "configuration", action: "view", scope: "all" }];
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions }))));
  await open("pipelines");
  expect(await screen.findByText("Quoted")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Add a stage|Actions for/ })).toBeNull();
});

test("a cell of the role matrix is changed and saved with the version that was seen", async () => {
  const { user: hands } = await open("roles");
  await hands.click(await screen.findByRole("button", { name: "Helpers" }));
  await hands.click(screen.getByRole("combobox", { name: "Edit: Leads" }));
  await hands.click(await screen.findByRole("option", { name: "Team and below" }));
  await hands.click(screen.getByRole("switch", { name: "Change: People" }));
  expect(screen.getByText("2 changes")).toBeTruthy();
  await hands.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ method: "PATCH", path: "/roles/Helpers", version: '"3"' });
  expect(sent[0]?.body).toEqual({
    grants: [
      { type: "lead", action: "view", scope: "own" },
      { type: "lead", action: "edit", scope: "team_and_below" },
      { type: "user", action: "configure", scope: "all" },
    ],
  });
});

test("a built-in role cannot be changed, but duplicated", async () => {
  const { user: hands } = await open("roles");
  await hands.click(await screen.findByRole("button", { name: "Actions for Admin" }));
  expect(screen.queryByRole("combobox")).toBeNull();
  await hands.click(await screen.findByRole("menuitem", { name: "Duplicate" }));
  const dialog = await screen.findByRole("dialog", { name: "New role" });
  await hands.type(within(dialog).getByRole("textbox", { name: "English name" }), "Copy");
  await hands.click(within(dialog).getByRole("button", { name: "Create the role" }));
  await waitFor(() => expect(sent[0]).toMatchObject({ method: "POST", path: "/roles" }));
  expect(sent[0]?.body).toMatchObject({ names: { en: "Copy" }, grants: [] });
});

test("a person is made with a role and a password; complaints stand at their fields", async () => {
  refuse("validation_failed", 422, [
    { pointer: "/email", code: "duplicate", detail: "Already used" },
  ]);
  const { user: hands } = await open("people");
  await hands.click(await screen.findByRole("button", { name: "Add a person" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Add a person" }));
  await hands.type(dialog.getByRole("textbox", { name: /^Name/ }), "Cai");
  await hands.type(dialog.getByRole("textbox", { name: /^E-mail/ }), "cai@example.com");
  await hands.click(await dialog.findByRole("checkbox", { name: "Helpers" }));
  await hands.click(dialog.getByRole("button", { name: "Generate a password" }));
  await hands.click(dialog.getByRole("button", { name: "Create" }));
  expect(await dialog.findByText("Already used")).toBeTruthy();
  const body = sent[0]?.body as { password: string };
  expect(body).toMatchObject({ name: "Cai", email: "cai@example.com", role_ids: ["Helpers"] });
  expect(body.password).toHaveLength(16);
});

test("someone is deactivated after a question, and signed out everywhere at once", async () => {
  const { user: hands } = await open("people");
  await hands.click(await screen.findByRole("button", { name: "Actions for Amy" }));
  await hands.click(await screen.findByRole("menuitem", { name: "Sign out everywhere" }));
  await waitFor(() => expect(sent[0]?.path).toBe("/users/Amy/sessions"));
  await hands.click(screen.getByRole("button", { name: "Actions for Amy" }));
  await hands.click(await screen.findByRole("menuitem", { name: "Deactivate" }));
  const dialog = await screen.findByRole("alertdialog");
  const deactivate = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Deactivate" });
  // What Amy has is asked for first.
  await waitFor(() => expect(deactivate.disabled).toBe(false));
  await hands.click(deactivate);
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ path: "/users/Amy", version: '"2"', body: { is_active: false } });
});

test("teams are a tree; a team cannot be put below itself", async () => {
  const { user: hands } = await open("teams");
  await hands.click(await screen.findByRole("button", { name: "Actions for Sales" }));
  await hands.click(await screen.findByRole("menuitem", { name: "Edit" }));
  await hands.click(await screen.findByRole("combobox", { name: "Part of" }));
  const options = (await screen.findAllByRole("option")).map((option) => option.textContent);
  expect(options).toEqual(["Nothing: it stands at the top"]);
});

test("a stage is moved, and removed with a replacement when it is in use", async () => {
  const { user: hands } = await open("pipelines");
  await hands.click(await screen.findByRole("button", { name: "Move New down" }));
  await waitFor(() =>
    expect(sent[0]).toMatchObject({ path: "/pipelines/p-1/stages/s-new", body: { position: 1 } }),
  );
  await hands.click(screen.getByRole("button", { name: "Actions for New" }));
  await hands.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove “New”?" }));
  server.use(
    http.delete(
      "*/api/v1/pipelines/p-1/stages/s-new",
      () => HttpResponse.json({ code: "in_use" }, { status: 409 }),
      { once: true },
    ),
  );
  await hands.click(dialog.getByRole("button", { name: "Remove" }));
  await dialog.findByText("Records still use it: choose what they get instead");
  await hands.click(dialog.getByRole("combobox", { name: "Records that use it get" }));
  await hands.click(await screen.findByRole("option", { name: "Quoted" }));
  await hands.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(sent.at(-1)?.search).toBe("?replacement=s-quote"));
});

test("a line is dragged within its list, and not into another", async () => {
  const other = pipeline({
    id: "p-2",
    name: "Partners",
    stages: [stage("n-1", { pipeline_id: "p-2" }), stage("n-2", { pipeline_id: "p-2" })],
  });
  server.use(
    http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline(), other] })),
  );
  await open("pipelines");
  const lines = async (name: string) =>
    within(await screen.findByRole("region", { name })).getAllByRole("listitem");
  const [first, , third] = await lines("Sales");
  const [foreign] = await lines("Partners");
  if (!first || !third || !foreign) throw new Error("no lines");
  const point = { clientX: 5, clientY: 5, dataTransfer: new DataTransfer() };
  for (const target of [foreign, third]) {
    fireEvent.dragStart(first, point);
    await waitFor(() => expect(first.className).toContain("opacity-40"));
    fireEvent.dragEnter(target, point);
    fireEvent.dragOver(target, point);
    fireEvent.drop(target, point);
    fireEvent.dragEnd(first, point);
    await waitFor(() => expect(first.className).not.toContain("opacity-40"));
  }
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ path: "/pipelines/p-1/stages/s-new", body: { position: 2 } });
});

test("removing a pipeline asks for each stage in use where its opportunities go", async () => {
  const heir = pipeline({
    id: "p-2",
    name: "Partners",
    is_default: false,
    stages: [
      stage("n-1", { name: "First", pipeline_id: "p-2" }),
      stage("n-2", { name: "Second", pipeline_id: "p-2" }),
      stage("n-won", { name: "Closed", category: "won", pipeline_id: "p-2" }),
    ],
  });
  const row = (id: string, count: number) => ({ key: { stage_id: id }, count, sums: [] });
  server.use(
    http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline(), heir] })),
    http.get("*/api/v1/opportunities/summary", () =>
      HttpResponse.json({ data: [row("s-new", 18), row("s-won", 2)] }),
    ),
  );
  const { user: hands } = await open("pipelines");
  await hands.click(await screen.findByRole("button", { name: "Remove Sales" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove “Sales”?" }));
  const link = await dialog.findByRole("link", { name: "18 opportunities" });
  expect(link.getAttribute("href")).toContain("stage_id");
  const target = dialog.getByRole("combobox", { name: "Opportunities in New go to" });
  expect(target.textContent).toBe("First");
  await hands.click(target);
  await hands.click(await screen.findByRole("option", { name: "Second" }));
  await hands.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(sent.at(-1)?.method).toBe("DELETE"));
  const query = new URLSearchParams(sent.at(-1)?.search);
  expect(query.get("replacement")).toBe("p-2");
  expect(query.get("stages")).toBe("s-new:n-2,s-quote:n-2,s-won:n-won");
});

test("stages only the server knows to be in use, and kinds the other lacks, are told", async () => {
  const heir = pipeline({ id: "p-2", name: "Partners", is_default: false, stages: [stage("n-1")] });
  server.use(
    http.get("*/api/v1/pipelines", () =>
      HttpResponse.json({ data: [pipeline({ is_default: false }), heir] }),
    ),
    http.get("*/api/v1/opportunities/summary", () => HttpResponse.json({ data: [] })),
    http.delete("*/api/v1/pipelines/p-1", () =>
      HttpResponse.json({ code: "in_use", stages: { "s-won": 4, "s-new": 0 } }, { status: 409 }),
    ),
  );
  const { user: hands } = await open("pipelines");
  await hands.click(await screen.findByRole("button", { name: "Remove Sales" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove “Sales”?" }));
  await hands.click(dialog.getByRole("button", { name: "Remove" }));
  expect(await dialog.findByRole("link", { name: "4 opportunities" })).toBeTruthy();
  expect(dialog.getByRole("alert").textContent).toMatch(/Partners has no stage that means “Won”/);
  expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Remove" }).disabled).toBe(true);
});

test("a stage in use keeps its meaning, and shows who stands in it", async () => {
  server.use(
    http.get("*/api/v1/opportunities/summary", () =>
      HttpResponse.json({ data: [{ key: { stage_id: "s-new" }, count: 3, sums: [] }] }),
    ),
  );
  const { user: hands } = await open("pipelines");
  await hands.click(await screen.findByRole("button", { name: "Actions for New" }));
  await hands.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Edit the stage" }));
  expect(await dialog.findByRole("link", { name: "3 opportunities" })).toBeTruthy();
  const meaning = dialog.getByRole("combobox", { name: "Meaning" });
  expect(meaning.hasAttribute("data-disabled")).toBe(true);
});

test("a new stage goes before the ends, with chance, days and required fields", async () => {
  const { user: hands } = await open("pipelines");
  await hands.click(await screen.findByRole("button", { name: "Add a stage" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Add a stage" }));
  await hands.type(dialog.getByRole("textbox", { name: "Chinese name" }), "谈判");
  const chance = dialog.getByRole("textbox", { name: "Chance in %" });
  await hands.clear(chance);
  await hands.type(chance, "75");
  await hands.type(dialog.getByRole("textbox", { name: "Expected days" }), "14");
  await hands.click(dialog.getByRole("checkbox", { name: "Amount" }));
  await hands.click(dialog.getByRole("button", { name: "Add a stage" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    path: "/pipelines/p-1/stages",
    body: {
      names: { "zh-CN": "谈判" },
      category: "open",
      probability: 75,
      expected_days: 14,
      warning_days: null,
      required_fields: ["amount"],
      position: 2,
    },
  });
});

test("a status is added under a key made of its name", async () => {
  const { user: hands } = await open("statuses");
  await hands.click(await screen.findByRole("button", { name: "New status" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New status" }));
  await hands.type(dialog.getByRole("textbox", { name: "English name" }), "On hold");
  await hands.click(dialog.getByRole("button", { name: "New status" }));
  await waitFor(() =>
    expect(sent[0]).toMatchObject({
      path: "/lead-statuses",
      body: { key: "on_hold", names: { en: "On hold" }, category: "working" },
    }),
  );
});

test("a new key is shown once, to be copied", async () => {
  const { user: hands } = await open("keys");
  await hands.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", { name: "New key" }));
  await hands.type(dialog.getByRole("textbox", { name: /^Name/ }), "ERP");
  await hands.click(dialog.getByRole("checkbox", { name: "leads:write" }));
  await hands.click(dialog.getByRole("button", { name: "Create the key" }));
  const made = within(await screen.findByRole("dialog", { name: "Your new key" }));
  expect(sent[0]?.body).toEqual({ name: "ERP", scopes: ["*:read", "leads:write"] });
  expect(made.getByText("rap_secret")).toBeTruthy();
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await hands.click(made.getByRole("button", { name: "Copy the key" }));
  expect(write).toHaveBeenCalledWith("rap_secret");
  await hands.click(made.getByRole("button", { name: "I have kept it" }));
  expect(screen.queryByText("rap_secret")).toBeNull();
});

test("the calendar link is shown once, and can be replaced and ended", async () => {
  server.use(
    http.post("*/api/v1/me/calendar-feed", async ({ request }) => {
      await keep(request);
      feed = { created_at: "2026-11-20T08:00:00Z", last_used_at: null };
      return HttpResponse.json(
        { ...feed, url: `https://crm.example/calendar/t${sent.length}.ics` },
        { status: 201 },
      );
    }),
    http.delete("*/api/v1/me/calendar-feed", async ({ request }) => {
      await keep(request);
      feed = null;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user: hands, container } = await open("profile");
  await hands.click(await screen.findByRole("button", { name: "Create a link" }));
  const link = within(await screen.findByRole("dialog", { name: "Your calendar link" }));
  expect(link.getByText(/^Anyone with this link sees your tasks/)).toBeTruthy();
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await hands.click(link.getByRole("button", { name: "Copy the link" }));
  expect(write).toHaveBeenCalledWith("https://crm.example/calendar/t1.ics");
  await hands.click(link.getByRole("button", { name: "I have kept it" }));
  await screen.findByText("Not used yet");
  expect(screen.queryByText(/t1\.ics/)).toBeNull();
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);

  await hands.click(screen.getByRole("button", { name: "Replace" }));
  const replace = within(await screen.findByRole("alertdialog", { name: "Replace the link?" }));
  await hands.click(replace.getByRole("button", { name: "Replace" }));
  const second = within(await screen.findByRole("dialog", { name: "Your calendar link" }));
  expect(second.getByText("https://crm.example/calendar/t2.ics")).toBeTruthy();
  await hands.click(second.getByRole("button", { name: "I have kept it" }));
  await hands.click(await screen.findByRole("button", { name: "End" }));
  const end = within(await screen.findByRole("alertdialog", { name: "End the link?" }));
  await hands.click(end.getByRole("button", { name: "End" }));
  await screen.findByRole("button", { name: "Create a link" });
  expect(sent.map(({ method }) => method)).toEqual(["POST", "POST", "DELETE"]);
});

test("a wrong present password is said at its field", async () => {
  refuse("invalid_credentials", 422);
  const { user: hands } = await open("profile");
  await hands.type(await screen.findByLabelText("Current password"), "wrong");
  await hands.type(screen.getByLabelText("New password"), "a longer better one");
  await hands.click(screen.getByRole("button", { name: "Change the password" }));
  expect(await screen.findByText("This is not the current password")).toBeTruthy();
});

test.each(["profile", "people", "teams", "roles", "pipelines", "statuses", "keys"])(
  "the page %s has no accessibility violations",
  async (section) => {
    const { container } = await open(section);
    await waitFor(() => expect(screen.queryByRole("status")).toBeNull());
    await screen.findByRole("heading", { level: 2 });
    const { violations } = await axe.run(container, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  },
);
