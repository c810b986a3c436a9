import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Pool } from "@/api/pools";
import type { Permission } from "@/api/types";
import { changeLanguage } from "@/lib/i18n";
import { renderRouted } from "@/test/routed";
import { me, pool } from "@/test/samples";
import { SettingsPage } from "../SettingsPage";

const server = setupServer();
let pools: Pool[];
let sent: { method: string; path: string; body: unknown; version: string | null }[];
let refused: { status: number; body: object } | null;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const common = pool("w-1", { name: "Customer pool", is_default: true, customers: 3 });
const east = pool("w-2", {
  name: "East",
  team: { id: "t-2", name: "East China" },
  release: { no_activity_days: 30, no_opportunity_days: null, not_won_days: 180 },
  warn_days: 7,
  owned_cap: 100,
  claims_per_day: 5,
  cooldown_days: 14,
  customers: 1284,
});

async function answer(request: Request) {
  const text = await request.text();
  const url = new URL(request.url);
  sent.push({
    method: request.method,
    path: url.pathname.replace("/api/v1", "") + url.search,
    body: text === "" ? null : JSON.parse(text),
    version: request.headers.get("if-match"),
  });
  if (refused) return HttpResponse.json(refused.body, { status: refused.status });
  if (request.method === "DELETE") return new HttpResponse(null, { status: 204 });
  return HttpResponse.json(east, { status: request.method === "POST" ? 201 : 200 });
}

beforeEach(() => {
  sent = [];
  refused = null;
  pools = [common, east];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pools", () => HttpResponse.json({ data: pools })),
    http.get("*/api/v1/teams", () =>
      HttpResponse.json({
        data: [
          { id: "t-1", name: "Sales", parent_id: null },
          { id: "t-2", name: "East China", parent_id: "t-1" },
          { id: "t-3", name: "North China", parent_id: "t-1" },
        ],
      }),
    ),
    http.post("*/api/v1/pools", ({ request }) => answer(request)),
    http.patch("*/api/v1/pools/:id", ({ request }) => answer(request)),
    http.delete("*/api/v1/pools/:id", ({ request }) => answer(request)),
  );
});

const open = async () => {
  const view = await renderRouted(<SettingsPage section="pools" />);
  const list = await screen.findByRole("list", { name: "Customer pools" });
  return { ...view, list };
};

const openDialog = async (name: string) => {
  const view = await open();
  await view.user.click(screen.getByRole("button", { name: `Actions for ${name}` }));
  await view.user.click(await screen.findByRole("menuitem", { name: "Edit" }));
  const element = await screen.findByRole("dialog", { name: "Edit the pool" });
  return { ...view, element, dialog: within(element) };
};

const violationsIn = async (element: Element) => {
  const { violations } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false } },
  });
  return violations.map((found) => [found.id, found.nodes[0]?.html]);
};

test("each pool says in words whom it serves, what it takes back, and who may claim how much", async () => {
  const { list, container } = await open();
  const [first, second] = within(list).getAllByRole("listitem");
  expect(first?.textContent).toBe(
    "Customer poolDefaultEverybody whom no other pool servesNo rule takes a customer from its ownerno limits · 3 customers in it",
  );
  expect(second?.textContent).toContain("The team East China and those below");
  expect(second?.textContent).toContain(
    "Back to the pool after 30 days without a follow-up, or after 180 days without a won opportunity; warned 7 days before",
  );
  expect(second?.textContent).toContain(
    "at most 100 customers each · at most 5 claims a day · what was one’s own can be claimed again after 14 days · 1,284 customers in it",
  );
  expect(await violationsIn(container)).toEqual([]);
});

test("in Chinese the rules read as a sentence", async () => {
  await changeLanguage("zh-CN");
  await renderRouted(<SettingsPage section="pools" />);
  const list = await screen.findByRole("list", { name: "公海规则" });
  expect(list.textContent).toContain("30 天未跟进，或 180 天未成交后回收，提前 7 天提醒");
  expect(list.textContent).toContain("每人最多 100 个客户 · 每天最多领取 5 个");
});

test("who may only look sees the pools and no button", async () => {
  const permissions: Permission[] = [{ type: "configuration", action: "view", scope: "all" }];
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions }))));
  const { list } = await open();
  expect(within(list).queryByRole("button")).toBeNull();
  expect(screen.queryByRole("button", { name: "New pool" })).toBeNull();
});

test("a new pool serves a team that has none yet", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "New pool" }));
  const element = await screen.findByRole("dialog", { name: "New pool" });
  const dialog = within(element);
  await user.type(dialog.getByRole("textbox", { name: /^Name/ }), "North");
  await user.click(dialog.getByRole("combobox", { name: /^Serves/ }));
  const offered = (await screen.findAllByRole("option")).map((option) =>
    option.textContent?.trim(),
  );
  expect(offered).toEqual(["Sales", "North China"]);
  await user.click(screen.getByRole("option", { name: /North China/ }));
  await user.type(dialog.getByRole("textbox", { name: "Days without a follow-up" }), "30a");
  await user.type(dialog.getByRole("textbox", { name: "Claims a day at most" }), "5");
  expect(await violationsIn(element)).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Create the pool" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent[0]).toMatchObject({ method: "POST", path: "/pools" });
  expect(sent[0]?.body).toEqual({
    name: "North",
    team_id: "t-3",
    is_active: true,
    release: { no_activity_days: 30, no_opportunity_days: null, not_won_days: null },
    warn_days: 3,
    owned_cap: null,
    claims_per_day: 5,
    cooldown_days: 0,
  });
});

test("a pool is changed with the version that was seen; a rule is taken away by emptying it", async () => {
  const { user, dialog } = await openDialog("East");
  await user.clear(dialog.getByRole("textbox", { name: "Days without a won opportunity" }));
  await user.click(dialog.getByRole("switch", { name: "Active" }));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    method: "PATCH",
    path: "/pools/w-2",
    version: '"4"',
    body: {
      team_id: "t-2",
      is_active: false,
      release: { no_activity_days: 30, no_opportunity_days: null, not_won_days: null },
      warn_days: 7,
      owned_cap: 100,
      claims_per_day: 5,
      cooldown_days: 14,
    },
  });
});

test("the default pool keeps whom it serves, and the name each reader's language has for it", async () => {
  const { user, dialog } = await openDialog("Customer pool");
  expect(dialog.getByText("Everybody whom no other pool serves")).toBeTruthy();
  expect(dialog.queryByRole("switch")).toBeNull();
  await user.type(dialog.getByRole("textbox", { name: "Customers of one’s own at most" }), "80");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(Object.keys(sent[0]?.body as object)).not.toContain("name");
  expect(Object.keys(sent[0]?.body as object)).not.toContain("team_id");
  expect(sent[0]?.body).toMatchObject({ owned_cap: 80 });
});

test("a default pool whose name is emptied is called by its own name no longer", async () => {
  const { user, dialog } = await openDialog("Customer pool");
  await user.clear(dialog.getByRole("textbox", { name: /^Name/ }));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent[0]?.body).toMatchObject({ name: null }));
});

test("what the server refuses stands at its fields", async () => {
  refused = {
    status: 422,
    body: {
      code: "validation_failed",
      title: "Not valid",
      errors: [
        { pointer: "/name", detail: "There is a pool of that name" },
        { pointer: "/release/no_activity_days", detail: "At most 3,650" },
      ],
    },
  };
  const { user, dialog } = await openDialog("East");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(await dialog.findByText("There is a pool of that name")).toBeTruthy();
  const days = dialog.getByRole("textbox", { name: "Days without a follow-up" });
  expect(days.getAttribute("aria-invalid")).toBe("true");
  expect(dialog.getAllByText("At most 3,650")).toHaveLength(1);
  expect(dialog.queryByRole("alert")).toBeNull();
});

test("a pool with customers is removed once another takes them; the default pool never is", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Actions for Customer pool" }));
  await screen.findByRole("menuitem", { name: "Edit" });
  expect(screen.queryByRole("menuitem", { name: "Remove" })).toBeNull();
  await user.keyboard("{Escape}");
  refused = { status: 409, body: { code: "in_use", title: "In use", in_use: { customers: 1284 } } };
  await user.click(screen.getByRole("button", { name: "Actions for East" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove “East”?" }));
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  expect(await dialog.findByText(/Records still use it/)).toBeTruthy();
  refused = null;
  await user.click(dialog.getByRole("combobox"));
  await user.click(await screen.findByRole("option", { name: "Customer pool" }));
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() =>
    expect(sent.map(({ path }) => path)).toEqual(["/pools/w-2", "/pools/w-2?replacement=w-1"]),
  );
});
