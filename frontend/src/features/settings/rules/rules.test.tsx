import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { AssignmentRule, DryRun } from "@/api/assignment";
import type { Permission } from "@/api/types";
import { changeLanguage } from "@/lib/i18n";
import { renderRouted } from "@/test/routed";
import { me } from "@/test/samples";
import { SettingsPage } from "../SettingsPage";

const server = setupServer();
let rules: AssignmentRule[];
let sent: { method: string; path: string; body: unknown; version: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const amy = { id: "u-amy", name: "Amy", is_active: true };
const bo = { id: "u-bo", name: "Bo", is_active: true };
const cai = { id: "u-cai", name: "Cai", is_active: false };

function rule(id: string, values: Partial<AssignmentRule> = {}): AssignmentRule {
  return {
    id,
    name: id,
    position: 0,
    is_active: true,
    condition: null,
    strategy: "round_robin",
    user_ids: ["u-amy", "u-bo"],
    users: [amy, bo],
    team_id: null,
    team: null,
    with_subteams: false,
    working_days: [],
    max_open: null,
    max_per_day: null,
    given_30_days: 0,
    version: 4,
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-01T08:00:00Z",
    ...values,
  };
}

const east = rule("East", {
  condition: {
    and: [
      { field: "source", op: "in", value: ["web", "fair"] },
      { field: "region", op: "in", value: ["上海"] },
      {
        or: [{ field: "score", op: "ge", value: 1000 }, { not: { field: "tags", op: "is_empty" } }],
      },
    ],
  },
  working_days: [1, 2, 3, 4, 5],
  max_open: 50,
  max_per_day: 10,
  given_30_days: 1284,
});
const rest = rule("Rest", {
  position: 1,
  is_active: false,
  strategy: "least_loaded",
  user_ids: [],
  users: [],
  team_id: "t-2",
  team: { id: "t-2", name: "North" },
  with_subteams: true,
});
const one = rule("One", { position: 2, strategy: "user", user_ids: ["u-cai"], users: [cai] });

const dryRun: DryRun = {
  examined: 1284,
  is_truncated: true,
  matched: 320,
  moved: 57,
  by_rule: [
    { rule_id: "East", rule_name: "East", before: 100, after: 157 },
    { rule_id: null, rule_name: null, before: 90, after: 33 },
  ],
  samples: [
    {
      id: "l-1",
      number: 7,
      name: "王小明",
      created_at: "2026-11-20T08:00:00Z",
      owner: { id: "u-amy", name: "Amy" },
      before: null,
      after: "East",
    },
  ],
};

const source = (key: string, name: string) => ({
  key,
  name,
  names: { en: name },
  position: 0,
  is_active: true,
  version: 1,
});

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
  rules = [east, rest, one];
  const data = (list: unknown[]) => HttpResponse.json({ data: list, page: { has_more: false } });
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/assignment-rules", () => data(rules)),
    http.get("*/api/v1/sources", () => data([source("web", "Website"), source("fair", "Fair")])),
    http.get("*/api/v1/lead-statuses", () => data([])),
    http.get("*/api/v1/teams", () =>
      data([
        { id: "t-1", name: "Sales", parent_id: null },
        { id: "t-2", name: "North", parent_id: "t-1" },
      ]),
    ),
    http.get("*/api/v1/users/directory", () => data([amy, bo, cai])),
    http.post("*/api/v1/assignment-rules/dry-run", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(dryRun);
    }),
    http.all("*/api/v1/assignment-rules*", async ({ request }) => {
      await keep(request);
      return request.method === "DELETE"
        ? new HttpResponse(null, { status: 204 })
        : HttpResponse.json(east, { status: request.method === "POST" ? 201 : 200 });
    }),
    http.all("*/api/v1/assignment-rules/:id", async ({ request }) => {
      await keep(request);
      return request.method === "DELETE"
        ? new HttpResponse(null, { status: 204 })
        : HttpResponse.json(east);
    }),
  );
});

function refuse(path: string, errors: { pointer: string; detail: string }[]) {
  server.use(
    http.post(`*/api/v1/${path}`, async ({ request }) => {
      await keep(request);
      return HttpResponse.json(
        { code: "validation_failed", title: "Not valid", errors },
        { status: 422 },
      );
    }),
  );
}

const open = async () => {
  const view = await renderRouted(<SettingsPage section="rules" />);
  const list = await screen.findByRole("list", { name: "Assignment rules" });
  await screen.findByText(/Website/);
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

test("each rule says in words for whom it is, who gets it, when not, and how many it gave", async () => {
  const { list, container } = await open();
  const [first, second, third] = within(list).getAllByRole("listitem");
  expect(first?.textContent).toContain(
    "Source is one of Website, Fair and Region is 上海 and (Score is at least 1,000 or not (Tags is empty))",
  );
  expect(first?.textContent).toContain(
    "In turn: Amy, Bo · Mon – Fri · at most 50 open leads · at most 10 a day · 1,284 leads in 30 days",
  );
  expect(second?.textContent).toContain("Every lead");
  expect(second?.textContent).toContain("Least loaded: the team North and those below");
  expect(within(second as HTMLElement).getByText("Off")).toBeTruthy();
  expect(third?.textContent).toContain("Cai (inactive)");
  expect(await violationsIn(container)).toEqual([]);
});

test("in Chinese a condition reads as a sentence without blanks", async () => {
  await changeLanguage("zh-CN");
  await renderRouted(<SettingsPage section="rules" />);
  const list = await screen.findByRole("list", { name: "分配规则" });
  await waitFor(() =>
    expect(list.textContent).toContain(
      "来源属于Website、Fair，且省份为上海，且（评分不少于1,000，或并非（标签为空））",
    ),
  );
  expect(list.textContent).toContain("轮流：Amy、Bo · 周一 – 周五");
});

test("only those who configure see the rules", async () => {
  const permissions: Permission[] = [{ type: "configuration", action: "view", scope: "all" }];
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions }))));
  await renderRouted(<SettingsPage section="rules" />);
  expect(await screen.findByText("There is nothing here for you")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Assignment rules" })).toBeNull();
});

test("without rules it says what happens then", async () => {
  rules = [];
  await renderRouted(<SettingsPage section="rules" />);
  expect(await screen.findByText("No rules yet")).toBeTruthy();
});

test("a rule is switched off, moved by a button and dragged, each with the version seen", async () => {
  const { user, list } = await open();
  await user.click(screen.getByRole("switch", { name: "East is active" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    method: "PATCH",
    path: "/assignment-rules/East",
    body: { is_active: false },
    version: '"4"',
  });
  await user.click(screen.getByRole("button", { name: "Move Rest up" }));
  await waitFor(() => expect(sent[1]).toMatchObject({ path: "/assignment-rules/Rest" }));
  expect(sent[1]?.body).toEqual({ position: 0 });

  const [dragged, , target] = within(list).getAllByRole("listitem");
  if (!dragged || !target) throw new Error("no lines");
  // Without a layout every line lies at the top, so that the pointer is below the middle.
  const point = { clientX: 5, clientY: 5, dataTransfer: new DataTransfer() };
  fireEvent.dragStart(dragged, point);
  await waitFor(() => expect(dragged.className).toContain("opacity-40"));
  fireEvent.dragEnter(target, point);
  fireEvent.dragOver(target, point);
  fireEvent.drop(target, point);
  await waitFor(() => expect(sent).toHaveLength(3));
  expect(sent[2]).toMatchObject({ path: "/assignment-rules/East", body: { position: 2 } });
});

test("a rule is removed after a question, with nothing in its place", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Actions for East" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove “East”?" }));
  expect(dialog.getByText("Leads it has given stay with their owners.")).toBeTruthy();
  expect(dialog.queryByRole("combobox")).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(sent[0]).toMatchObject({ method: "DELETE", version: '"4"' }));
});

test("a new rule has a condition of several lines, people in their order, days and caps", async () => {
  const { user, dialog } = await openNew();
  await user.type(dialog.getByRole("textbox", { name: /^Name/ }), "East");
  await user.click(dialog.getByRole("button", { name: "Add a condition" }));
  const first = within(dialog.getByRole("group", { name: "Condition 1" }));
  await user.click(first.getByRole("button", { name: "Value" }));
  await user.click(await screen.findByRole("checkbox", { name: "Fair" }));
  await user.keyboard("{Escape}");
  expect(await first.findByRole("button", { name: "Value: Fair" })).toBeTruthy();

  await user.click(dialog.getByRole("button", { name: "Add a condition" }));
  const second = within(dialog.getByRole("group", { name: "Condition 2" }));
  expect(second.getByRole("combobox", { name: "Field" }).textContent).toBe("Region");
  await user.type(second.getByRole("textbox", { name: "Value" }), "上海{Enter}浙江{Enter}");
  await user.click(dialog.getByRole("button", { name: "Any is enough" }));

  const add = dialog.getByRole("combobox", { name: "Add a person" });
  await user.click(add);
  await user.click(await screen.findByRole("option", { name: /Bo/ }));
  await user.click(add);
  await user.click(await screen.findByRole("option", { name: /Amy/ }));
  expect((add as HTMLInputElement).value).toBe("");
  await user.click(dialog.getByRole("button", { name: "Move Amy up" }));
  await user.click(dialog.getByRole("checkbox", { name: "Monday" }));
  await user.type(dialog.getByRole("textbox", { name: "Open leads at most" }), "50");
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ method: "POST", path: "/assignment-rules" });
  expect(sent[0]?.body).toEqual({
    name: "East",
    is_active: true,
    condition: {
      or: [
        { field: "source", op: "in", value: ["fair"] },
        { field: "region", op: "in", value: ["上海", "浙江"] },
      ],
    },
    strategy: "round_robin",
    user_ids: ["u-amy", "u-bo"],
    team_id: null,
    with_subteams: false,
    working_days: [1],
    max_open: 50,
    max_per_day: null,
  });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a part no line can say stays as it is, and can be taken away", async () => {
  const { user, dialog } = await openDialog("East");
  expect(dialog.getByText("Score is at least 1,000 or not (Tags is empty)")).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Remove Condition 1" }));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    method: "PATCH",
    version: '"4"',
    body: {
      condition: {
        and: [
          { field: "region", op: "in", value: ["上海"] },
          {
            or: [
              { field: "score", op: "ge", value: 1000 },
              { not: { field: "tags", op: "is_empty" } },
            ],
          },
        ],
      },
    },
  });
});

test("a team takes the place of people", async () => {
  const { user, dialog } = await openDialog("East");
  await user.click(dialog.getByRole("radio", { name: /Least loaded/ }));
  await user.click(dialog.getByRole("button", { name: "A team" }));
  await user.click(dialog.getByRole("combobox", { name: /^Team/ }));
  await user.click(await screen.findByRole("option", { name: /North/ }));
  await user.click(dialog.getByRole("checkbox", { name: "And the teams below it" }));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toMatchObject({
    strategy: "least_loaded",
    user_ids: [],
    team_id: "t-2",
    with_subteams: true,
  });
});

test("an unfinished line is told before anything is sent", async () => {
  const { user, dialog } = await openNew();
  await user.click(dialog.getByRole("button", { name: "Add a condition" }));
  const group = dialog.getByRole("group", { name: "Which leads" });
  await user.click(dialog.getByRole("button", { name: "Try on the last 90 days" }));
  expect(await within(group).findByText(/compares with nothing/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  await waitFor(() => expect(dialog.getAllByText(/compares with nothing/)).toHaveLength(1));
  expect(sent).toEqual([]);
});

test("what the server refuses stands at its fields, and nowhere twice", async () => {
  refuse("assignment-rules", [
    { pointer: "/name", detail: "There is a rule of that name" },
    { pointer: "/condition", detail: "It can never be true" },
    { pointer: "/user_ids/1", detail: "There is no such user" },
    { pointer: "/max_open", detail: "At most 100,000" },
  ]);
  const { user, dialog } = await openNew();
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  expect(await dialog.findByText("There is a rule of that name")).toBeTruthy();
  for (const text of ["It can never be true", "There is no such user", "At most 100,000"]) {
    expect(dialog.getAllByText(text)).toHaveLength(1);
  }
  expect(dialog.queryByRole("alert")).toBeNull();
  const name = dialog.getByRole("textbox", { name: /^Name/ });
  expect(name.getAttribute("aria-invalid")).toBe("true");
});

test("a changed rule is tried before it is saved, and tried anew after a further change", async () => {
  const { user, dialog, element } = await openDialog("Rest");
  await user.click(dialog.getByRole("button", { name: "Try on the last 90 days" }));
  const table = await dialog.findByRole("table", { name: "Leads by rule" });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    path: "/assignment-rules/dry-run",
    // It is off, and is tried as it would be once it is on.
    body: { days: 90, rule: { id: "Rest", name: "Rest", is_active: true, team_id: "t-2" } },
  });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    "East100 →becomes 157+57",
    "No rule90 →becomes 33−57",
  ]);
  expect(dialog.getByText("The rule fits 320 of 1,284 leads.")).toBeTruthy();
  expect(dialog.getByText("57 leads would have gone by another rule than now.")).toBeTruthy();
  expect(dialog.getByText("Only the newest 1,284 leads were looked at.")).toBeTruthy();
  const lead = dialog.getByRole("link", { name: "王小明" });
  expect(lead.getAttribute("href")).toBe("/leads/l-1");
  expect(lead.getAttribute("target")).toBe("_blank");
  expect(await violationsIn(element)).toEqual([]);

  await user.type(dialog.getByRole("textbox", { name: "Leads a day at most" }), "3");
  expect(await dialog.findByText("The rule was changed since. Try it again.")).toBeTruthy();
  expect(dialog.queryByRole("table")).toBeNull();
});

test("what the trial refuses stands at its field too", async () => {
  refuse("assignment-rules/dry-run", [
    { pointer: "/rule/condition", detail: "unknown field colour" },
  ]);
  const { user, dialog } = await openDialog("East");
  await user.click(dialog.getByRole("button", { name: "Try on the last 90 days" }));
  const group = dialog.getByRole("group", { name: "Which leads" });
  expect(await within(group).findByText("unknown field colour")).toBeTruthy();
  expect(dialog.getAllByText("unknown field colour")).toHaveLength(1);
});

test("a name that is taken is told at the name alone", async () => {
  server.use(
    http.post("*/api/v1/assignment-rules", () =>
      HttpResponse.json(
        {
          code: "duplicate",
          title: "Already there",
          errors: [{ pointer: "/name", detail: "There is a rule of that name" }],
        },
        { status: 409 },
      ),
    ),
  );
  const { user, dialog } = await openNew();
  await user.click(dialog.getByRole("button", { name: "Create the rule" }));
  expect(await dialog.findByText("There is a rule of that name")).toBeTruthy();
  expect(dialog.queryByRole("alert")).toBeNull();
});
