import { screen, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Customer, Lead, Opportunity, Permission, SummaryRow } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { customer, lead, me, opportunity, pipeline } from "@/test/samples";
import { HomePage } from "./HomePage";

const server = setupServer();
let leads: Lead[];
let soon: Customer[];
let stale: Opportunity[];
let quiet: number;
let asked: string[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const row = (key: SummaryRow["key"], count: number, amount?: string): SummaryRow => ({
  key,
  count,
  sums: amount === undefined ? [] : [{ field: "amount", amount, currency: "CNY" }],
});

function opportunities(filter: string): SummaryRow[] {
  asked.push(filter);
  if (filter.includes('"open"')) return [row({ stage_id: "s-new" }, 4, "80000.00")];
  if (!filter.includes("<")) return [row({}, 3, "150000.00")];
  return filter.includes("@start_of(month)") ? [row({}, 2, "100000.00")] : [];
}

beforeEach(() => {
  asked = [];
  soon = [];
  stale = [opportunity("o-1", "s-quote", { stale: "red", stale_at: "2026-11-10T08:00:00Z" })];
  quiet = 12;
  leads = [lead("l-1"), lead("l-2", { name: "Ada Lovelace", phone: null })];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline()] })),
    http.get("*/api/v1/leads", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("filter") ?? "");
      return HttpResponse.json({ data: leads, page: {}, meta: { total: leads.length } });
    }),
    http.get("*/api/v1/opportunities", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("filter") ?? "");
      return HttpResponse.json({ data: stale, page: {}, meta: { total: stale.length } });
    }),
    http.get("*/api/v1/customers", ({ request }) => {
      const filter = new URL(request.url).searchParams.get("filter") ?? "";
      asked.push(filter);
      return filter.includes("release_at")
        ? HttpResponse.json({ data: soon, page: {}, meta: { total: soon.length } })
        : HttpResponse.json({ data: [], page: {}, meta: { total: quiet } });
    }),
    http.get("*/api/v1/opportunities/summary", ({ request }) =>
      HttpResponse.json({
        data: opportunities(new URL(request.url).searchParams.get("filter") ?? ""),
      }),
    ),
    http.get("*/api/v1/customers/summary", () =>
      HttpResponse.json({ data: [row({ lifecycle: "active" }, 7), row({ lifecycle: "lost" }, 1)] }),
    ),
  );
});

const today = () => <p>Nothing is due today.</p>;
const notes = () => <p>Jotted down</p>;
const starred = () => <p>Starred</p>;
const recents = [{ type: "customers" as const, id: "c-1", name: "云栖餐饮" }];
const panel = async (name: string) => within(await screen.findByRole("region", { name }));

test("what waits, what is open and what was won", async () => {
  await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  const [first] = within(await screen.findByRole("main")).getAllByRole("region");
  expect(first?.textContent).toContain("My tasks");
  const waiting = await panel("My leads to answer");
  expect(await waiting.findByRole("link", { name: "Ada Lovelace" })).toBeTruthy();
  expect(waiting.getByRole("link", { name: "Call 王小明" }).getAttribute("href")).toBe(
    "tel:13800138000",
  );
  const open = await panel("Open pipeline");
  const bar = await open.findByRole("link", { name: /New.*4.*¥80K/ });
  expect(bar.getAttribute("href")).toBe("/opportunities?stage_id=s-new");
  expect(open.getByRole("link", { name: /Quoted/ })).toBeTruthy();
  const won = await panel("Won this month");
  expect(await won.findByText("¥150,000")).toBeTruthy();
  expect(await won.findByText("50% more than last month")).toBeTruthy();
  const customers = await panel("Customers");
  expect(await customers.findByRole("link", { name: /Active\s*7/ })).toBeTruthy();
  const recent = await panel("Recently opened");
  expect(recent.getByRole("link", { name: /云栖餐饮/ }).getAttribute("href")).toBe(
    "/customers/c-1",
  );
  expect(asked).toContain(
    'owner_id = @me AND status_category = "new" AND first_responded_at IS NULL',
  );
  expect(asked).toContain(
    'category = "won" AND closed_at >= @start_of(month,-1) AND closed_at < @start_of(month)',
  );
});

test("my customers that go back to the pool within a week are named, the first to go first", async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  soon = [
    customer("c-1", {
      name: "云栖餐饮",
      release_at: inDays(2),
      release_rule: "no_activity",
      release_soon: true,
    }),
    customer("c-2", { name: "金石教育", release_at: inDays(6), release_rule: "not_won" }),
  ];
  await renderRouted(
    <HomePage recents={[]} renderTasks={today} renderNotes={notes} renderFavourites={starred} />,
  );
  const part = await panel("Released in 7 days");
  const [first, second] = part.getAllByRole("listitem");
  expect(first?.textContent).toBe("云栖餐饮No follow-upIn 2 days");
  expect(second?.textContent).toBe("金石教育Nothing wonIn 6 days");
  expect(part.getByRole("link", { name: "All" }).getAttribute("href")).toBe(
    "/customers?view=soon&owner_id=u-amy",
  );
  expect(asked).toContain("owner_id = @me AND release_at <= @today+7d");
});

test("who loses nothing is not told about it", async () => {
  await renderRouted(
    <HomePage recents={[]} renderTasks={today} renderNotes={notes} renderFavourites={starred} />,
  );
  await panel("Customers");
  expect(screen.queryByRole("region", { name: "Released in 7 days" })).toBeNull();
});

test("opportunities that stand still are mine first; who sees others’ looks at all of them", async () => {
  const { user } = await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  const still = await panel("Stale opportunities");
  expect((await still.findByRole("link", { name: "Deal o-1" })).getAttribute("href")).toBe(
    "/opportunities/o-1",
  );
  expect(still.getByText("Stale")).toBeTruthy();
  expect(still.getByText("Customer o-1 · Quoted · No activity yet")).toBeTruthy();
  expect(still.getByRole("link", { name: "All" }).getAttribute("href")).toBe(
    "/opportunities?view=stale&sort=stale_at",
  );
  expect(asked).toContain("owner_id = @me AND (warn_at <= @now OR stale_at <= @now)");
  stale = [];
  await user.click(still.getByRole("button", { name: "Everyone’s" }));
  expect(await still.findByText("No opportunity stands still.")).toBeTruthy();
  expect(asked).toContain("(warn_at <= @now OR stale_at <= @now)");
});

test("who sees only their own is not asked whose", async () => {
  const permissions: Permission[] = [{ type: "opportunity", action: "view", scope: "own" }];
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions }))));
  await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  const still = await panel("Stale opportunities");
  expect(await still.findByRole("link", { name: "Deal o-1" })).toBeTruthy();
  expect(still.queryByRole("group", { name: "Whose opportunities" })).toBeNull();
});

test("a lead says how long there is to answer it, and how late it is", async () => {
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  leads = [
    lead("l-1", { name: "Late", response: "overdue", first_response_due_at: inHours(-5) }),
    lead("l-2", { name: "Soon", response: "due", first_response_due_at: inHours(3) }),
  ];
  await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  const waiting = await panel("My leads to answer");
  expect(await waiting.findByText("5 hours late")).toBeTruthy();
  expect(waiting.getByText("3 hours to answer")).toBeTruthy();
});

test("customers nobody has spoken to lead to their list; none, and nothing is said", async () => {
  const { unmount } = await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  const link = await (await panel("Customers")).findByRole("link", { name: /30 days\s*12/ });
  expect(link.getAttribute("href")).toBe("/customers?view=quiet&sort=last_activity_at");
  unmount();
  quiet = 0;
  await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  await (await panel("Customers")).findByRole("link", { name: /Active/ });
  expect(screen.queryByText("No follow-up for 30 days")).toBeNull();
});

test("a new installation is shown the first steps", async () => {
  leads = [];
  server.use(http.get("*/api/v1/:type/summary", () => HttpResponse.json({ data: [] })));
  await renderRouted(
    <HomePage recents={[]} renderTasks={today} renderNotes={notes} renderFavourites={starred} />,
  );
  const start = await panel("Let’s begin");
  expect(start.getByRole("button", { name: /Note your first lead/ })).toBeTruthy();
  expect(start.getByRole("link", { name: /Add your colleagues/ })).toBeTruthy();
});

test("a panel that fails leaves the others alone", async () => {
  server.use(
    http.get("*/api/v1/customers/summary", () =>
      HttpResponse.json({ code: "internal", title: "Something broke" }, { status: 500 }),
    ),
  );
  await renderRouted(
    <HomePage recents={[]} renderTasks={today} renderNotes={notes} renderFavourites={starred} />,
  );
  const customers = await panel("Customers");
  expect((await customers.findByRole("alert")).textContent).toContain("Something broke");
  expect(await (await panel("Open pipeline")).findByRole("link", { name: /New/ })).toBeTruthy();
});

test("only what the role may see is shown", async () => {
  const permissions: Permission[] = [{ type: "customer", action: "view", scope: "all" }];
  server.use(http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions }))));
  await renderRouted(
    <HomePage recents={[]} renderTasks={today} renderNotes={notes} renderFavourites={starred} />,
  );
  await panel("Customers");
  expect(screen.queryByRole("region", { name: "Open pipeline" })).toBeNull();
  expect(screen.queryByRole("region", { name: "My tasks" })).toBeNull();
  expect(screen.queryByRole("button", { name: "New lead" })).toBeNull();
});

test("the page has no accessibility violations", async () => {
  const { container } = await renderRouted(
    <HomePage
      recents={recents}
      renderTasks={today}
      renderNotes={notes}
      renderFavourites={starred}
    />,
  );
  await (await panel("Customers")).findByRole("link", { name: /Active/ });
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});
