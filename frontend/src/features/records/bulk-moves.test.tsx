import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Customer } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { customer, me, pooled } from "@/test/samples";
import { BulkRun } from "./BulkRun";
import { closeRun } from "./bulk-run";
import { descriptors } from "./descriptors";
import { ListPage } from "./ListPage";

interface Operation {
  action: string;
  id: string;
  data: object;
}

const server = setupServer();
let customers: Customer[];
let sent: Operation[];
let refuse: (id: string) => string | null;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  closeRun();
});
afterAll(() => server.close());

beforeEach(() => {
  customers = [
    pooled("c-1", { name: "云栖餐饮" }),
    pooled("c-2", { name: "金石教育" }),
    customer("c-3", { name: "北辰建材" }),
    customer("c-4", { name: "蓝湾信息" }),
  ];
  sent = [];
  refuse = () => null;
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(900);
  }
  const data = (list: unknown[]) => HttpResponse.json({ data: list });
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pools", () => data([])),
    http.get("*/api/v1/sources", () => data([])),
    http.get("*/api/v1/users/directory", () =>
      data([{ id: "u-cai", name: "Cai", is_active: true }]),
    ),
    http.get("*/api/v1/customers/summary", () => data([])),
    http.get("*/api/v1/customers", () =>
      HttpResponse.json({
        data: customers,
        page: { limit: 100, has_more: false },
        meta: { total: customers.length, total_is_exact: true },
      }),
    ),
    http.post("*/api/v1/customers/batch", async ({ request }) => {
      const { operations } = (await request.json()) as { operations: Operation[] };
      sent.push(...operations);
      const results = operations.map(({ id }, index) => {
        const detail = refuse(id);
        if (detail === null) return { index, id, status: 200, version: 2 };
        return { index, id, status: 409, problem: { code: "claim_refused", detail } };
      });
      return HttpResponse.json({ results });
    }),
  );
});

async function choose(...names: string[]) {
  const view = await renderRouted(
    <>
      <ListPage
        descriptor={descriptors.customers}
        address={{ q: "", view: "all", sort: "-updated_at", chosen: {}, peek: null }}
        onAddress={() => undefined}
      />
      <BulkRun />
    </>,
  );
  await screen.findByRole("grid", { name: "Customers" });
  for (const name of names) {
    await view.user.click(screen.getByRole("checkbox", { name: `Select ${name}` }));
  }
  return { ...view, bar: within(await screen.findByRole("region", { name: "Selected rows" })) };
}

test("many customers of a pool are claimed at once; no undo is promised", async () => {
  const { user, bar } = await choose("云栖餐饮", "金石教育");
  expect(bar.queryByRole("button", { name: "Assign" })).toBeNull();
  expect(bar.queryByRole("button", { name: "Release" })).toBeNull();
  await user.click(bar.getByRole("button", { name: "Claim" }));
  expect(await screen.findByText("2 customers claimed")).toBeTruthy();
  expect(sent).toEqual([
    { action: "claim", id: "c-1", data: {} },
    { action: "claim", id: "c-2", data: {} },
  ]);
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("what a limit does not allow is named with the reason, and what was claimed stays claimed", async () => {
  refuse = (id) => (id === "c-2" ? "You may claim one customer a day" : null);
  const { user, bar } = await choose("云栖餐饮", "金石教育");
  await user.click(bar.getByRole("button", { name: "Claim" }));
  const result = within(await screen.findByRole("dialog", { name: "Not everything was changed" }));
  expect(result.getByText("claimed").parentElement?.textContent).toContain("1");
  const group = within(result.getByRole("region", { name: "You may claim one customer a day" }));
  expect(group.getByRole("link", { name: "金石教育" })).toBeTruthy();
  expect(result.queryByRole("button", { name: /^Undo/ })).toBeNull();
});

test("many are allotted to one person", async () => {
  const { user, bar } = await choose("云栖餐饮", "金石教育");
  await user.click(bar.getByRole("button", { name: "Allot" }));
  await user.click(await screen.findByRole("combobox", { name: "Owner" }));
  await user.click(await screen.findByRole("option", { name: /Cai/ }));
  expect(await screen.findByText("2 customers allotted")).toBeTruthy();
  expect(sent.map(({ action, data }) => [action, data])).toEqual([
    ["allot", { owner_id: "u-cai" }],
    ["allot", { owner_id: "u-cai" }],
  ]);
});

test("many are released with one reason", async () => {
  const { user, bar } = await choose("北辰建材", "蓝湾信息");
  expect(bar.getByRole("button", { name: "Assign" })).toBeTruthy();
  expect(bar.queryByRole("button", { name: "Claim" })).toBeNull();
  await user.click(bar.getByRole("button", { name: "Release" }));
  const panel = within(await screen.findByRole("dialog", { name: "Release" }));
  expect(panel.getByRole("button", { name: "Release" })).toHaveProperty("disabled", true);
  await user.type(panel.getByRole("textbox", { name: /^Reason/ }), "Not our region ");
  await user.click(panel.getByRole("button", { name: "Release" }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]).toEqual({ action: "release", id: "c-3", data: { reason: "Not our region" } });
});

test("of a mixed choice only what is true of all is offered", async () => {
  const { bar } = await choose("云栖餐饮", "北辰建材");
  for (const name of ["Claim", "Allot", "Release"]) {
    expect(bar.queryByRole("button", { name })).toBeNull();
  }
  expect(bar.getByRole("button", { name: "Assign" })).toBeTruthy();
});
