import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Customer } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import { type ListAddress, ListPage } from "@/features/records/ListPage";
import { renderRouted } from "@/test/routed";
import { customer, me, myPool, pooled } from "@/test/samples";
import { Menu } from "@/ui/Menu";
import { readAddress, writeAddress } from "./list-address";
import { listNotice } from "./record-slots";
import { useCustomerPool } from "./use-customer-pool";

const server = setupServer();
let customers: Customer[];
let asked: URLSearchParams[];
let claimed: string[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  vi.restoreAllMocks();
});
afterAll(() => server.close());

beforeEach(() => {
  customers = [
    pooled("c-1", { name: "云栖餐饮" }),
    pooled("c-2", { name: "金石教育", can: { edit: false, delete: false, assign: false } }),
    customer("c-3", { name: "北辰建材" }),
  ];
  asked = [];
  claimed = [];
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(900);
  }
  const data = (list: unknown[]) => HttpResponse.json({ data: list });
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/me/pools", () => data([myPool({ claimed_today: claimed.length })])),
    http.get("*/api/v1/pools", () => data([])),
    http.get("*/api/v1/sources", () => data([])),
    http.get("*/api/v1/users/directory", () => data([])),
    http.get("*/api/v1/customers/summary", () => data([])),
    http.get("*/api/v1/customers", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({
        data: customers,
        page: { limit: 100, has_more: false },
        meta: { total: customers.length, total_is_exact: true },
      });
    }),
    http.post("*/api/v1/customers/:id/claim", ({ params }) => {
      claimed.push(String(params.id));
      const mine = customer(String(params.id), { name: "云栖餐饮" });
      customers = customers.map((row) => (row.id === mine.id ? mine : row));
      return HttpResponse.json(mine);
    }),
  );
});

function Sample({ view }: { view: string }) {
  const [address, setAddress] = useState<ListAddress>(() => readAddress("customers", { view }));
  const { actions, menuOf, dialog } = useCustomerPool("customers");
  return (
    <>
      <ListPage
        descriptor={descriptors.customers}
        address={address}
        onAddress={(changes) => setAddress((old) => ({ ...old, ...changes }))}
        rowActions={actions}
        notice={listNotice("customers", address.view)}
      />
      <Menu trigger={<button type="button">First</button>} groups={[menuOf(pooled("c-1"))]} />
      <Menu trigger={<button type="button">Third</button>} groups={[menuOf(customer("c-3"))]} />
      {dialog}
    </>
  );
}

const open = async (view = "pool") => {
  const rendered = await renderRouted(<Sample view={view} />);
  await screen.findByRole("link", { name: /云栖餐饮/ });
  return rendered;
};

const focusRow = (name: string) =>
  screen.getByRole("link", { name }).closest<HTMLElement>("[role='row']")?.focus();

test("the pool is a view with its newest first, and each row shows what can be done with it", async () => {
  await open();
  expect(asked[0]?.get("filter")).toBe("pool_id IS NOT NULL");
  expect(asked[0]?.get("sort")).toBe("-pooled_at");
  const names = (start: string) =>
    screen
      .queryAllByRole("button", { name: new RegExp(`^${start}: `) })
      .map((button) => button.getAttribute("aria-label"));
  expect(names("Claim")).toEqual(["Claim: 云栖餐饮"]);
  expect(names("Allot")).toEqual(["Allot: 云栖餐饮"]);
  expect(names("Release")).toEqual(["Release: 北辰建材"]);
  expect(screen.getByRole("button", { name: "Claim: 云栖餐饮" }).textContent).toBe("Claim");
  expect(screen.getAllByText("East").length).toBeGreaterThan(1);
  expect(screen.getByRole("columnheader", { name: /In the pool since/ })).toBeTruthy();
});

test("one press claims, the row is one's own, and what is left today counts down", async () => {
  const { user } = await open();
  expect(await screen.findByText("· 5 more for you today")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Claim: 云栖餐饮" }));
  expect(await screen.findByText("“云栖餐饮” is yours now")).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Claim: / })).toBeNull());
  expect(await screen.findByText("· 4 more for you today")).toBeTruthy();
  expect(claimed).toEqual(["c-1"]);
});

test("V claims the row in focus, A allots it, R releases another", async () => {
  const { user } = await open();
  focusRow("云栖餐饮");
  await user.keyboard("a");
  expect(await screen.findByRole("dialog", { name: "Allot “云栖餐饮”" })).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  focusRow("北辰建材");
  await user.keyboard("r");
  expect(await screen.findByRole("dialog", { name: "Release “北辰建材”" })).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  focusRow("金石教育");
  await user.keyboard("v");
  expect(claimed).toEqual([]);
  focusRow("云栖餐饮");
  await user.keyboard("v");
  await waitFor(() => expect(claimed).toEqual(["c-1"]));
});

test("the menu of a customer offers what is allowed, and asks before it is done", async () => {
  const { user } = await open("all");
  await user.click(screen.getByRole("button", { name: "First" }));
  const items = () => screen.getAllByRole("menuitem").map((item) => item.textContent);
  expect(items()).toEqual(["Claim", "Allot"]);
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Third" }));
  await waitFor(() => expect(items()).toEqual(["Release", "Keep"]));
  await user.click(screen.getByRole("menuitem", { name: "Keep" }));
  expect(
    await screen.findByRole("dialog", { name: "Keep “云栖餐饮” with its owner" }),
  ).toBeTruthy();
  expect(screen.queryByText(/more for you today/)).toBeNull();
});

test("on a phone a card is claimed where it stands", async () => {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (media) =>
      ({
        media,
        matches: media.includes("width <"),
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
  const { user } = await open();
  const card = screen.getByRole("link", { name: /云栖餐饮/ }).closest("li") as HTMLElement;
  expect(within(card).getByText(/East/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Release: / })).toBeNull();
  await user.click(within(card).getByRole("button", { name: "Claim: 云栖餐饮" }));
  await waitFor(() => expect(claimed).toEqual(["c-1"]));
});

test("an empty pool says that it is empty", async () => {
  customers = [];
  await renderRouted(<Sample view="pool" />);
  expect(await screen.findByText("No customer lies in the pool")).toBeTruthy();
});

test("a view has an order of its own until somebody chooses another", async () => {
  const { user } = await open("all");
  await user.click(screen.getByRole("button", { name: "Released in 7 days" }));
  await waitFor(() => expect(asked.at(-1)?.get("sort")).toBe("release_at"));
  expect(asked.at(-1)?.get("filter")).toBe("release_at <= @today+7d");
  await user.click(screen.getByRole("button", { name: "All" }));
  await waitFor(() => expect(asked.at(-1)?.get("sort")).toBe("-updated_at"));

  const shown = readAddress("customers", { view: "pool" });
  expect(writeAddress("customers", shown)).toEqual({ view: "pool" });
  expect(writeAddress("customers", { ...shown, sort: "name" })).toEqual({
    view: "pool",
    sort: "name",
  });
});

test("a view that arranges columns of its own leaves those of the others alone", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Columns" }));
  await user.click(await screen.findByRole("checkbox", { name: "Industry" }));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: /Industry/ })).toBeNull());
  await user.click(screen.getByRole("button", { name: "All" }));
  expect(await screen.findByRole("columnheader", { name: /Industry/ })).toBeTruthy();
  expect(screen.queryByRole("columnheader", { name: /In the pool since/ })).toBeNull();
});
