import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Lead } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { lead, me } from "@/test/samples";
import { ConflictDialog } from "./ConflictDialog";
import { descriptors } from "./descriptors";
import { type ListAddress, ListPage } from "./ListPage";
import { QuickCreate } from "./QuickCreate";
import { closeQuickCreate, openQuickCreate } from "./quick-create";

const statuses = [
  { key: "new", name: "New", names: {}, category: "new", color: "gray" },
  { key: "working", name: "Working", names: {}, category: "working", color: "blue" },
];

let leads: Lead[] = [];
const seen: URL[] = [];
const writes: { method: string; url: string; match: string | null; body: unknown }[] = [];

const page = (data: unknown[]) => ({
  data,
  page: { limit: 100, has_more: false },
  meta: { total: data.length, total_is_exact: true },
});

async function noteWrite(request: Request) {
  const text = await request.clone().text();
  writes.push({
    method: request.method,
    url: new URL(request.url).pathname,
    match: request.headers.get("if-match"),
    body: text === "" ? null : JSON.parse(text),
  });
}

const server = setupServer(
  http.get("*/api/v1/me", () => HttpResponse.json(me())),
  http.get("*/api/v1/lead-statuses", () => HttpResponse.json({ data: statuses })),
  http.get("*/api/v1/sources", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/users/directory", () =>
    HttpResponse.json({ data: [{ id: "u-amy", name: "Amy Liu", is_active: true }] }),
  ),
  http.get("*/api/v1/search", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/leads/summary", ({ request }) => {
    const url = new URL(request.url);
    seen.push(url);
    const group = url.searchParams.get("group_by");
    if (group === null) {
      const sums = [{ field: "estimated_amount", amount: "100000.00", currency: "CNY" }];
      return HttpResponse.json({ data: [{ key: {}, count: leads.length, sums }] });
    }
    return HttpResponse.json({ data: [{ key: { [group]: "working" }, count: 2, sums: [] }] });
  }),
  http.get("*/api/v1/leads", ({ request }) => {
    seen.push(new URL(request.url));
    return HttpResponse.json(page(leads));
  }),
  http.get("*/api/v1/leads/:id", ({ params }) =>
    HttpResponse.json(leads.find((row) => row.id === params.id)),
  ),
  http.patch("*/api/v1/leads/:id", async ({ request, params }) => {
    await noteWrite(request);
    const changes = (await request.json()) as Partial<Lead>;
    const found = leads.find((row) => row.id === params.id) as Lead;
    const changed = { ...found, ...changes, version: found.version + 1 };
    leads = leads.map((row) => (row.id === params.id ? changed : row));
    return HttpResponse.json(changed);
  }),
  http.delete("*/api/v1/leads/:id", async ({ request, params }) => {
    await noteWrite(request);
    leads = leads.filter((row) => row.id !== params.id);
    return new HttpResponse(null, { status: 204 });
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  closeQuickCreate();
});
afterAll(() => server.close());
beforeEach(() => {
  localStorage.removeItem("rapport.columns.leads");
  leads = [
    lead("l-1", { name: "王小明", company_name: "云栖餐饮" }),
    lead("l-2", { name: "林晓", company_name: "金石教育" }),
  ];
  seen.length = 0;
  writes.length = 0;
  // The test DOM has no layout; without a size no row would be in view.
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(900);
  }
});

const start: ListAddress = { q: "", view: "all", sort: "-created_at", chosen: {}, peek: null };

function Sample({ initial = start }: { initial?: ListAddress }) {
  const [address, setAddress] = useState(initial);
  return (
    <>
      <ListPage
        descriptor={descriptors.leads}
        address={address}
        onAddress={(changes) => setAddress((old) => ({ ...old, ...changes }))}
      />
      <ConflictDialog />
      <QuickCreate />
    </>
  );
}

const grid = () => screen.findByRole("grid", { name: "Leads" });
const listRequests = () => seen.filter((url) => url.pathname.endsWith("/leads"));

test("a list shows its rows, how many there are, and what they add up to", async () => {
  await renderRouted(<Sample />);
  const rows = within(await grid());
  expect(rows.getByRole("link", { name: "王小明" })).toBeTruthy();
  expect((await screen.findAllByText("2 records")).length).toBeGreaterThan(0);
  expect(await screen.findByText("Total ¥100,000")).toBeTruthy();
});

test("facets, views and sort ask the server in the filter language", async () => {
  const { user } = await renderRouted(<Sample />);
  await grid();
  await user.click(await screen.findByRole("checkbox", { name: "Working" }));
  await user.click(screen.getByRole("button", { name: "Mine" }));
  await user.click(screen.getByRole("button", { name: "Created" }));
  await waitFor(() => {
    const query = listRequests().at(-1)?.searchParams;
    expect(query?.get("filter")).toBe('owner_id = @me AND status IN ("working")');
    expect(query?.get("sort")).toBe("created_at");
  });
  const own = seen.filter((url) => url.searchParams.get("group_by") === "status").at(-1);
  expect(own?.searchParams.get("filter")).toBe("owner_id = @me");
  await user.click(screen.getByRole("button", { name: "Remove Status: Working" }));
  await waitFor(() =>
    expect(listRequests().at(-1)?.searchParams.get("filter")).toBe("owner_id = @me"),
  );
});

test("a lead whose answer is overdue says so, and can be filtered by it", async () => {
  leads = [
    lead("l-1", { response: "overdue", first_response_due_at: "2026-11-02T08:00:00Z" }),
    lead("l-2", { name: "林晓", response: "none" }),
  ];
  const { user } = await renderRouted(<Sample />);
  const badge = await within(await screen.findByRole("grid")).findByText("Answer overdue");
  expect(badge.parentElement?.title).toMatch(/^Answer by Nov/);
  await user.click(screen.getByRole("checkbox", { name: "Answer overdue" }));
  const filter =
    '(status_category = "new" AND first_responded_at IS NULL AND first_response_due_at < @now)';
  await waitFor(() => expect(seen.map((url) => url.searchParams.get("filter"))).toContain(filter));
  expect(seen.some((url) => url.searchParams.get("group_by") === "response")).toBe(false);
});

test("a lead is told by its rating in a word and by its score, which may be said by hand", async () => {
  leads = [
    lead("l-1", { rating: "hot", rating_by: "rules", score: 72 }),
    lead("l-2", { name: "林晓", rating: "cold", rating_by: "person", score: 0 }),
  ];
  const { user } = await renderRouted(<Sample />);
  const row = within(await grid()).getByRole("row", { name: /王小明/ });
  expect(within(row).getByRole("button", { name: "Edit Rating Hot 72" })).toBeTruthy();
  // Without points there is nothing to tell beside what somebody said.
  expect(screen.getByRole("button", { name: "Edit Rating Cold" })).toBeTruthy();

  await user.click(within(row).getByRole("button", { name: "Edit Rating Hot 72" }));
  expect(await screen.findByRole("option", { name: "By the rules", selected: true })).toBeTruthy();
  await user.click(screen.getByRole("option", { name: "Hot" }));
  await waitFor(() => expect(writes).toMatchObject([{ body: { rating: "hot" } }]));
});

test("hot leads have a view of their own, those with most points first", async () => {
  const { user } = await renderRouted(<Sample />);
  await grid();
  await user.click(screen.getByRole("button", { name: "Hot leads" }));
  await waitFor(() => {
    const asked = listRequests().at(-1)?.searchParams;
    expect(asked?.get("sort")).toBe("-score");
    expect(asked?.get("filter")).toContain('rating = "hot"');
  });
});

test("a cell is edited in place with the version the user saw", async () => {
  const { user } = await renderRouted(<Sample />);
  const row = within(await grid()).getByRole("row", { name: /王小明/ });
  await user.click(within(row).getByRole("button", { name: /Edit Company/ }));
  const box = await screen.findByRole("textbox", { name: "Company" });
  await user.clear(box);
  await user.type(box, "星海建材{Enter}");
  await within(row).findByText("星海建材");
  expect(writes).toEqual([
    {
      method: "PATCH",
      url: "/api/v1/leads/l-1",
      match: '"1"',
      body: { company_name: "星海建材" },
    },
  ]);
});

test("a refused cell goes back to what it was and says why", async () => {
  server.use(
    http.patch("*/api/v1/leads/:id", () =>
      HttpResponse.json(
        {
          code: "validation_failed",
          title: "Invalid",
          errors: [{ pointer: "/company_name", code: "too_long", detail: "At most 200 letters" }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user } = await renderRouted(<Sample />);
  const row = within(await grid()).getByRole("row", { name: /王小明/ });
  await user.click(within(row).getByRole("button", { name: /Edit Company/ }));
  await user.type(await screen.findByRole("textbox", { name: "Company" }), "x{Enter}");
  expect(await within(row).findByRole("alert")).toHaveProperty(
    "textContent",
    "At most 200 letters",
  );
  expect(within(row).getByText("云栖餐饮")).toBeTruthy();
});

test("when two people edit, each field is mine or theirs", async () => {
  const newer = lead("l-1", { company_name: "对方的名字", version: 2 });
  server.use(
    http.patch(
      "*/api/v1/leads/:id",
      () =>
        HttpResponse.json(
          {
            code: "version_conflict",
            title: "Changed",
            current: newer,
            changed_by: { id: "u-2", name: "林晓" },
            changed_fields: ["company_name"],
          },
          { status: 412 },
        ),
      { once: true },
    ),
  );
  const { user } = await renderRouted(<Sample />);
  const row = within(await grid()).getByRole("row", { name: /王小明/ });
  await user.click(within(row).getByRole("button", { name: /Edit Company/ }));
  const box = await screen.findByRole("textbox", { name: "Company" });
  await user.clear(box);
  await user.type(box, "我的名字{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Someone else changed this" });
  expect(dialog.textContent).toContain("林晓");
  expect(within(dialog).getByRole("radio", { name: /Mine\s*我的名字/ })).toBeTruthy();
  expect(within(dialog).getByRole("radio", { name: /Theirs\s*对方的名字/ })).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Save my choice" }));
  await waitFor(() =>
    expect(writes).toEqual([
      {
        method: "PATCH",
        url: "/api/v1/leads/l-1",
        match: '"2"',
        body: { company_name: "我的名字" },
      },
    ]),
  );
});

test("what the rules have calculated meanwhile does not stand for what somebody says", async () => {
  const newer = lead("l-1", { rating: "hot", rating_by: "rules", score: 72, version: 2 });
  const refused = { code: "version_conflict", title: "Changed", current: newer };
  server.use(
    http.patch("*/api/v1/leads/:id", () => HttpResponse.json(refused, { status: 412 }), {
      once: true,
    }),
  );
  const { user } = await renderRouted(<Sample />);
  const row = within(await grid()).getByRole("row", { name: /王小明/ });
  await user.click(within(row).getByRole("button", { name: /Edit Rating/ }));
  await user.click(await screen.findByRole("option", { name: "Hot" }));
  const dialog = await screen.findByRole("dialog", { name: "Someone else changed this" });
  // The score is that of the record, not of each of the values to choose from.
  expect(within(dialog).getByRole("radio", { name: /^Mine\s*Hot$/ })).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Save my choice" }));
  await waitFor(() => expect(writes).toMatchObject([{ match: '"2"', body: { rating: "hot" } }]));
});

test("theirs writes nothing", async () => {
  const newer = lead("l-1", { company_name: "对方的名字", version: 2 });
  server.use(
    http.patch("*/api/v1/leads/:id", () =>
      HttpResponse.json({ code: "version_conflict", current: newer }, { status: 412 }),
    ),
  );
  const { user } = await renderRouted(<Sample />);
  const row = within(await grid()).getByRole("row", { name: /王小明/ });
  await user.click(within(row).getByRole("button", { name: /Edit Company/ }));
  await user.type(await screen.findByRole("textbox", { name: "Company" }), "x{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Someone else changed this" });
  await user.click(within(dialog).getByRole("radio", { name: /Theirs/ }));
  await user.click(within(dialog).getByRole("button", { name: "Save my choice" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await within(row).findByText("对方的名字")).toBeTruthy();
});

test("a row opens beside the list and can be deleted and taken back", async () => {
  const restored = vi.fn();
  server.use(
    http.post("*/api/v1/leads/:id/restore", ({ params }) => {
      restored(params.id);
      leads = [lead("l-1"), ...leads];
      return HttpResponse.json(lead("l-1"));
    }),
  );
  const { user } = await renderRouted(<Sample />);
  await user.click(within(await grid()).getByRole("link", { name: "王小明" }));
  const peek = await screen.findByRole("complementary", { name: "Record" });
  await within(peek).findByRole("heading", { name: "王小明" });
  await user.click(within(peek).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "王小明" })).toBeNull());
  expect(writes[0]).toMatchObject({ method: "DELETE", match: '"1"' });
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(restored).toHaveBeenCalledWith("l-1"));
  expect(await screen.findByRole("link", { name: "王小明" })).toBeTruthy();
});

test("selected rows are assigned in one batch, and back by undo", async () => {
  const batches: { operations: { data: unknown; version: number }[] }[] = [];
  server.use(
    http.post("*/api/v1/leads/batch", async ({ request }) => {
      const body = (await request.json()) as (typeof batches)[number];
      batches.push(body);
      const results = body.operations.map((operation, index) => ({
        index,
        status: 200,
        version: operation.version + 1,
      }));
      return HttpResponse.json({ results });
    }),
  );
  leads = leads.map((row) => ({ ...row, owner_id: null, owner: null }));
  const { user } = await renderRouted(<Sample />);
  await grid();
  await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
  await user.click(await screen.findByRole("button", { name: "Assign" }));
  await user.click(await screen.findByRole("combobox", { name: "Owner" }));
  await user.click(await screen.findByRole("option", { name: /Amy Liu/ }));
  await screen.findByText("2 records changed");
  expect(batches[0]?.operations.map((operation) => operation.data)).toEqual([
    { owner_id: "u-amy" },
    { owner_id: "u-amy" },
  ]);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() =>
    expect(batches[1]?.operations).toMatchObject([
      { data: { owner_id: null }, version: 2 },
      { data: { owner_id: null }, version: 2 },
    ]),
  );
});

test("an empty list says what to do; a filtered one how to see more", async () => {
  leads = [];
  const first = await renderRouted(<Sample />);
  expect(await screen.findByText("No leads yet")).toBeTruthy();
  first.unmount();
  const { user } = await renderRouted(<Sample initial={{ ...start, q: "zzz" }} />);
  await screen.findByText("Nothing matches");
  const [clear] = screen.getAllByRole("button", { name: "Clear" });
  if (clear) await user.click(clear);
  expect(await screen.findByText("No leads yet")).toBeTruthy();
});

test("a list that fails offers a retry and the request id", async () => {
  server.use(
    http.get(
      "*/api/v1/leads",
      () =>
        HttpResponse.json(
          { title: "Busy", detail: "Too many at once", request_id: "req-7" },
          { status: 429 },
        ),
      { once: true },
    ),
  );
  const { user } = await renderRouted(<Sample />);
  expect((await screen.findByText("Busy")).closest("[role='alert']")?.textContent).toContain(
    "req-7",
  );
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: "王小明" })).toBeTruthy();
});

test("quick create sends only what was filled in, and puts refusals beside their fields", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.post("*/api/v1/leads", async ({ request }) => {
      const body = (await request.json()) as Partial<Lead>;
      bodies.push(body);
      if (body.email === "wrong") {
        return HttpResponse.json(
          {
            code: "validation_failed",
            title: "Invalid",
            errors: [{ pointer: "/email", code: "invalid_value", detail: "Not an address" }],
          },
          { status: 422 },
        );
      }
      return HttpResponse.json(lead("l-9", { name: "云栖" }), { status: 201 });
    }),
  );
  const { user } = await renderRouted(<Sample />);
  await grid();
  openQuickCreate("leads");
  const dialog = await screen.findByRole("dialog", { name: "New lead" });
  await user.type(within(dialog).getByRole("textbox", { name: "Company" }), "云栖");
  await user.type(within(dialog).getByRole("textbox", { name: "E-mail" }), "wrong");
  await user.type(within(dialog).getByRole("textbox", { name: "Estimated amount" }), "1.5万");
  await user.click(within(dialog).getByRole("button", { name: "Create" }));
  expect(await within(dialog).findByText("Not an address")).toBeTruthy();
  await user.clear(within(dialog).getByRole("textbox", { name: "E-mail" }));
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "New lead" })).toBeNull());
  expect(bodies.at(-1)).toEqual({
    company_name: "云栖",
    estimated_amount: { amount: "15000", currency: "CNY" },
  });
});
