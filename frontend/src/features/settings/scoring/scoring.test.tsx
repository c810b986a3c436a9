import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Rating, ScoringDryRun, ScoringRule } from "@/api/scoring";
import type { Permission } from "@/api/types";
import { changeLanguage } from "@/lib/i18n";
import { renderRouted } from "@/test/routed";
import { me } from "@/test/samples";
import { SettingsPage } from "../SettingsPage";

const server = setupServer();
let rules: ScoringRule[];
let sent: { method: string; path: string; body: unknown; version: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function rule(id: string, values: Partial<ScoringRule> = {}): ScoringRule {
  return {
    id,
    name: id,
    is_active: true,
    kind: "property",
    points: 20,
    condition: { field: "employees", op: "ge", value: 200 },
    behaviour: null,
    version: 4,
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-01T08:00:00Z",
    ...values,
  };
}

const large = rule("Large");
const calls = rule("Calls us", {
  kind: "behaviour",
  points: 15,
  is_active: false,
  condition: null,
  behaviour: {
    activity_kinds: ["call", "message"],
    direction: "inbound",
    at_most: 3,
    halves_after_days: 30,
  },
});
const visits = rule("Visits", {
  kind: "behaviour",
  points: -5,
  condition: null,
  behaviour: { activity_kinds: ["visit"], direction: null, at_most: 1, halves_after_days: null },
});

function count(rating: Rating, now: number, later: number): ScoringDryRun["ratings"][number] {
  // biome-ignore lint/suspicious/noThenProperty: so the API calls it, and it is no function
  return { rating, now, then: later };
}

const dryRun: ScoringDryRun = {
  examined: 1000,
  is_truncated: true,
  matched: 320,
  ratings: [count("hot", 10, 42), count("warm", 90, 90), count("cold", 900, 868)],
  samples: [
    {
      lead: { id: "l-1", name: "王小明" },
      score_now: 45,
      score_then: 65,
      rating_now: "warm",
      rating_then: "hot",
    },
    {
      lead: { id: "l-2", name: "林晓" },
      score_now: 0,
      score_then: 20,
      rating_now: "cold",
      rating_then: "cold",
    },
  ],
};

async function keep(request: Request) {
  const text = await request.text();
  sent.push({
    method: request.method,
    path: new URL(request.url).pathname.replace("/api/v1", ""),
    body: text === "" ? null : JSON.parse(text),
    version: request.headers.get("if-match"),
  });
}

beforeEach(() => {
  sent = [];
  rules = [large, calls, visits];
  const { organisation } = me();
  const data = (list: unknown[]) => HttpResponse.json({ data: list, page: { has_more: false } });
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/sources", () => data([])),
    http.get("*/api/v1/lead-statuses", () => data([])),
    http.get("*/api/v1/organisation", () => HttpResponse.json(organisation)),
    http.patch("*/api/v1/organisation", async ({ request }) => {
      await keep(request);
      return HttpResponse.json({ ...organisation, version: 2 });
    }),
    http.get("*/api/v1/scoring-rules", () => data(rules)),
    http.post("*/api/v1/scoring-rules/dry-run", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(dryRun);
    }),
    http.post("*/api/v1/scoring-rules", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(large, { status: 201 });
    }),
    http.all("*/api/v1/scoring-rules/:id", async ({ request }) => {
      await keep(request);
      return request.method === "DELETE"
        ? new HttpResponse(null, { status: 204 })
        : HttpResponse.json(large);
    }),
  );
});

function refuse(path: string, errors: { pointer: string; detail: string }[]) {
  const answer = { code: "validation_failed", title: "Not valid", errors };
  server.use(http.all(`*/api/v1/${path}`, () => HttpResponse.json(answer, { status: 422 })));
}

const open = async () => {
  const view = await renderRouted(<SettingsPage section="scoring" />);
  const list = await screen.findByRole("list", { name: "Lead scoring" });
  return { ...view, list };
};

const openDialog = async (name: string) => {
  const view = await open();
  await view.user.click(screen.getByRole("button", { name: `Actions for ${name}` }));
  await view.user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const element = await screen.findByRole("dialog", { name: "Edit the rule" });
  return { ...view, element, dialog: within(element) };
};

const openNew = async () => {
  const view = await open();
  await view.user.click(screen.getByRole("button", { name: "New rule" }));
  const element = await screen.findByRole("dialog", { name: "New rule" });
  return { ...view, element, dialog: within(element) };
};

const violationsIn = async (element: Element) => {
  const { violations } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false } },
  });
  return violations.map((found) => [found.id, found.nodes[0]?.html]);
};

test("each rule says in words for what it gives points, how many, and for how long", async () => {
  const { list, container } = await open();
  const [first, second, third] = within(list).getAllByRole("listitem");
  expect(first?.textContent).toBe("+20LargeEmployees is at least 200");
  expect(second?.textContent).toBe(
    "+15Calls usOffCall, Message (Inbound)the latest 3 count · halved every 30 days",
  );
  expect(third?.textContent).toBe("−5VisitsVisitthe latest one counts · never fades");
  await screen.findByRole("textbox", { name: "Hot from" });
  expect(await violationsIn(container)).toEqual([]);
});

test("in Chinese as well", async () => {
  await changeLanguage("zh-CN");
  await renderRouted(<SettingsPage section="scoring" />);
  const list = await screen.findByRole("list", { name: "线索评分" });
  const [first, second] = within(list).getAllByRole("listitem");
  expect(first?.textContent).toBe("+20Large员工数不少于200");
  expect(second?.textContent).toBe(
    "+15Calls us未启用电话、消息（对方发起）计最近 3 次 · 每 30 天减半",
  );
});

test("only those who configure see the rules", async () => {
  const permissions: Permission[] = [{ type: "configuration", action: "view", scope: "all" }];
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions }))));
  await renderRouted(<SettingsPage section="scoring" />);
  expect(await screen.findByText("There is nothing here for you")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Lead scoring" })).toBeNull();
});

test("without rules it says what happens then", async () => {
  rules = [];
  await renderRouted(<SettingsPage section="scoring" />);
  expect(await screen.findByText("No rules yet")).toBeTruthy();
});

test("a rule is switched on, and removed after a question, with the version seen", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("switch", { name: "Calls us is active" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    method: "PATCH",
    path: "/scoring-rules/Calls%20us",
    body: { is_active: true },
    version: '"4"',
  });
  await user.click(screen.getByRole("button", { name: "Actions for Large" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove “Large”?" }));
  expect(dialog.getByText("Its points go from every lead.")).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ method: "DELETE", path: "/scoring-rules/Large", version: '"4"' });
});

test("a rule about what is known asks only what the lead itself says", async () => {
  const { user, dialog } = await openNew();
  await user.type(dialog.getByRole("textbox", { name: /^Name/ }), "East");
  await user.click(dialog.getByRole("button", { name: "Add a condition" }));
  const line = within(dialog.getByRole("group", { name: "Condition 1" }));
  await user.click(line.getByRole("combobox", { name: "Field" }));
  const fields = (await screen.findAllByRole("option")).map((option) => option.textContent);
  expect(fields).toContain("Employees");
  expect(fields.filter((name) => name === "Score" || name === "Rating")).toEqual([]);
  await user.click(screen.getByRole("option", { name: "Region" }));
  await user.type(line.getByRole("textbox", { name: "Value" }), "上海{Enter}");
  await user.click(dialog.getByRole("button", { name: "Take away" }));
  const points = dialog.getByRole("textbox", { name: /^Points/ });
  await user.clear(points);
  await user.type(points, "-15");
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ method: "POST", path: "/scoring-rules" });
  expect(sent[0]?.body).toEqual({
    name: "East",
    is_active: true,
    kind: "property",
    points: -15,
    condition: { field: "region", op: "in", value: ["上海"] },
    behaviour: null,
  });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a rule about what was done has kinds, a direction where they have one, and fades", async () => {
  const { user, dialog } = await openNew();
  await user.type(dialog.getByRole("textbox", { name: /^Name/ }), "Visits");
  await user.click(dialog.getByRole("radio", { name: /What was done about a lead/ }));
  expect(dialog.queryByRole("checkbox", { name: "Task" })).toBeNull();
  await user.click(dialog.getByRole("checkbox", { name: "Visit" }));
  expect(dialog.queryByRole("combobox", { name: "Direction" })).toBeNull();
  await user.click(dialog.getByRole("checkbox", { name: "Call" }));
  await user.click(dialog.getByRole("combobox", { name: "Direction" }));
  await user.click(await screen.findByRole("option", { name: "Inbound" }));
  const most = dialog.getByRole("textbox", { name: "How many of the latest count" });
  await user.clear(most);
  await user.type(most, "3");
  await user.clear(dialog.getByRole("textbox", { name: "Days until the points are halved" }));
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toEqual({
    name: "Visits",
    is_active: true,
    kind: "behaviour",
    points: 10,
    condition: null,
    behaviour: {
      activity_kinds: ["call", "visit"],
      direction: "inbound",
      at_most: 3,
      halves_after_days: null,
    },
  });
});

test("a changed rule keeps what was not touched, and a direction goes with its kinds", async () => {
  const { user, dialog } = await openDialog("Calls us");
  await user.click(dialog.getByRole("checkbox", { name: "Call" }));
  await user.click(dialog.getByRole("checkbox", { name: "Message" }));
  await user.click(dialog.getByRole("checkbox", { name: "Note" }));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    method: "PATCH",
    version: '"4"',
    body: {
      points: 15,
      is_active: false,
      behaviour: { activity_kinds: ["note"], direction: null, at_most: 3, halves_after_days: 30 },
    },
  });
});

test("a rule about every lead is told before anything is sent", async () => {
  const { user, dialog } = await openNew();
  const group = within(dialog.getByRole("group", { name: "Which leads" }));
  expect(group.queryByText("Every lead")).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Try on the newest leads" }));
  expect(await group.findByText("Say which leads get the points")).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  await waitFor(() => expect(dialog.getAllByText(/^Say which leads/)).toHaveLength(1));
  expect(sent).toEqual([]);
});

test("what the server refuses stands at its fields, and nowhere twice", async () => {
  const errors = [
    { pointer: "/name", detail: "There is a rule of that name" },
    { pointer: "/points", detail: "From -100 to 100" },
    { pointer: "/behaviour/activity_kinds", detail: "At least one" },
    { pointer: "/behaviour/at_most", detail: "At most 20" },
  ];
  refuse("scoring-rules/:id", errors);
  const { user, dialog } = await openDialog("Calls us");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(await dialog.findByText("There is a rule of that name")).toBeTruthy();
  for (const { detail } of errors) expect(dialog.getAllByText(detail)).toHaveLength(1);
  expect(dialog.queryByRole("alert")).toBeNull();
});

test("a rule is tried before it is saved: leads by rating, and those that change most", async () => {
  const { user, dialog, element } = await openDialog("Calls us");
  await user.click(dialog.getByRole("button", { name: "Try on the newest leads" }));
  const table = await dialog.findByRole("table", { name: "Leads by rating" });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    path: "/scoring-rules/dry-run",
    // It is off, and is tried as it would be once it is on.
    body: { rule: { id: "Calls us", is_active: true, points: 15 } },
  });
  const rowsOf = (of: HTMLElement) =>
    within(of)
      .getAllByRole("row")
      .slice(1)
      .map((row) => row.textContent);
  expect(rowsOf(table)).toEqual([
    "Hot10 →becomes 42+32",
    "Warm90 →becomes 900",
    "Cold900 →becomes 868−32",
  ]);
  expect(rowsOf(dialog.getByRole("table", { name: "Leads whose score changes most" }))).toEqual([
    "王小明45 →becomes 65Warm →becomes Hot",
    "林晓0 →becomes 20Cold",
  ]);
  expect(dialog.getByText("The rule fits 320 of 1,000 leads.")).toBeTruthy();
  expect(dialog.getByText("Only the newest 1,000 leads were looked at.")).toBeTruthy();
  expect(await violationsIn(element)).toEqual([]);

  await user.click(dialog.getByRole("button", { name: "Take away" }));
  expect(await dialog.findByText("The rule was changed since. Try it again.")).toBeTruthy();
});

test("what the trial refuses stands at its field", async () => {
  refuse("scoring-rules/dry-run", [
    { pointer: "/rule/condition", detail: "A rule may not ask about that" },
  ]);
  const { user, dialog } = await openDialog("Large");
  await user.click(dialog.getByRole("button", { name: "Try on the newest leads" }));
  const group = within(dialog.getByRole("group", { name: "Which leads" }));
  expect(await group.findByText("A rule may not ask about that")).toBeTruthy();
  expect(dialog.getAllByText("A rule may not ask about that")).toHaveLength(1);
});

test("the thresholds are kept with the organisation, and may lie below zero", async () => {
  const { user } = await open();
  const warm = await screen.findByRole("textbox", { name: "Warm from" });
  expect((warm as HTMLInputElement).value).toBe("30");
  await user.clear(warm);
  await user.type(warm, "-5x");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    method: "PATCH",
    path: "/organisation",
    body: { lead_warm_from: -5, lead_hot_from: 60 },
    version: '"1"',
  });
  expect(await screen.findByText("Saved")).toBeTruthy();
});

test("thresholds that are refused say so at their field", async () => {
  refuse("organisation", [{ pointer: "/lead_warm_from", detail: "Less than for hot" }]);
  server.use(http.get("*/api/v1/organisation", () => HttpResponse.json(me().organisation)));
  const { user } = await open();
  const warm = await screen.findByRole("textbox", { name: "Warm from" });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Less than for hot")).toBeTruthy();
  expect(warm.getAttribute("aria-invalid")).toBe("true");
});
