import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { descriptors } from "@/features/records/descriptors";
import { ListPage } from "@/features/records/ListPage";
import { renderRouted } from "@/test/routed";
import { job, lead, me } from "@/test/samples";
import { ConvertChosen } from "./convert-chosen";

const conversion = {
  id: "v-1",
  customer_id: "c-1",
  contact_id: null,
  opportunity_id: null,
  converted_at: "2026-11-01T08:00:00Z",
  converted_by: "u-amy",
  can_undo_until: "2026-12-01T08:00:00Z",
};
const leads = [
  lead("l-1", { name: "王小明" }),
  lead("l-2", { name: "林晓" }),
  lead("l-3", { name: "陈静", status_category: "converted", conversion }),
];
const usual = {
  customer: "link_best",
  contact: "link_best",
  opportunity: "create",
  fill: "blank_only",
  on_duplicate: "fail",
  open_tasks: "move",
};

const server = setupServer();
let sent: { body: Record<string, unknown>; key: string | null }[];
let refusal: { status: number; body: object } | null;
let hasMore: boolean;
let total: number;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  sent = [];
  refusal = null;
  hasMore = false;
  total = 400;
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(900);
  }
  const none = () => HttpResponse.json({ data: [] });
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/lead-statuses", none),
    http.get("*/api/v1/sources", none),
    http.get("*/api/v1/users/directory", () =>
      HttpResponse.json({ data: [{ id: "u-cai", name: "Cai", is_active: true }] }),
    ),
    http.get("*/api/v1/leads/summary", none),
    http.get("*/api/v1/leads", async ({ request }) => {
      // The rows after the first few are still on their way.
      if (new URL(request.url).searchParams.has("cursor")) await delay("infinite");
      return HttpResponse.json({
        data: leads,
        page: { limit: 100, has_more: hasMore, next_cursor: hasMore ? "more" : null },
        meta: { total: hasMore ? total : 3, total_is_exact: true },
      });
    }),
    http.post("*/api/v1/leads/conversions", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      sent.push({ body, key: request.headers.get("idempotency-key") });
      if (refusal) return HttpResponse.json(refusal.body, { status: refusal.status });
      return HttpResponse.json(job("j-1"), { status: 202 });
    }),
  );
});

function Sample({ q }: { q: string }) {
  return (
    <ListPage
      descriptor={descriptors.leads}
      address={{ q, view: "all", sort: "-created_at", chosen: {}, peek: null }}
      onAddress={() => undefined}
      renderBulk={(chosen) => <ConvertChosen chosen={chosen} />}
    />
  );
}

async function choose(names: string[], q = "") {
  const view = await renderRouted(<Sample q={q} />);
  await screen.findByRole("grid", { name: "Leads" });
  for (const name of names) {
    await view.user.click(screen.getByRole("checkbox", { name: `Select ${name}` }));
  }
  const bar = within(await screen.findByRole("region", { name: "Selected rows" }));
  return { ...view, bar };
}

async function ask(names: string[]) {
  const view = await choose(names);
  await view.user.click(await view.bar.findByRole("button", { name: "Convert…" }));
  return { ...view, form: within(await screen.findByRole("dialog")) };
}

const start = (form: ReturnType<typeof within>) => form.getByRole("button", { name: "Convert" });

test("the chosen leads are converted as is usual; those that are, are left out and told", async () => {
  const { user, form, path } = await ask(["王小明", "林晓", "陈静"]);
  expect(form.getByRole("heading", { name: "Convert 2 leads" })).toBeTruthy();
  expect(form.getByText(/^1 of the chosen leads is left out/)).toBeTruthy();
  expect((await axe.run(document.body)).violations).toEqual([]);
  await user.click(start(form));
  await waitFor(() => expect(path()).toBe("/jobs/j-1"));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toEqual({ ids: ["l-1", "l-2"], plan: usual });
  expect(sent[0]?.key).toBeTruthy();
});

test("converted leads alone are not offered", async () => {
  const { bar } = await choose(["陈静"]);
  expect(await bar.findByRole("button", { name: "Assign" })).toBeTruthy();
  expect(bar.queryByRole("button", { name: "Convert…" })).toBeNull();
});

test.each([
  ["", { filter: 'status_category NOT IN ("converted")' }],
  ["云栖", { q: "云栖" }],
])("all that the list holds is meant: words %j", async (q, expected) => {
  hasMore = true;
  const { user, bar, path } = await choose(["王小明", "林晓", "陈静"], q);
  await user.click(bar.getByRole("button", { name: "Select all 400 that match" }));
  await user.click(await bar.findByRole("button", { name: "Convert…" }));
  const form = within(await screen.findByRole("dialog", { name: "Convert 400 leads" }));
  await user.click(start(form));
  await waitFor(() => expect(path()).toBe("/jobs/j-1"));
  expect(sent[0]?.body).toEqual({ ...expected, plan: usual });
});

test("more leads than one job takes are not begun", async () => {
  hasMore = true;
  total = 10_001;
  const { user, bar } = await choose(["王小明", "林晓", "陈静"]);
  await user.click(bar.getByRole("button", { name: "Select all 10,001 that match" }));
  await user.click(await bar.findByRole("button", { name: "Convert…" }));
  const form = within(await screen.findByRole("dialog", { name: "Convert 10,001 leads" }));
  expect(form.getByRole("alert").textContent).toContain("At most 10,000 leads");
  expect(start(form)).toHaveProperty("disabled", true);
});

test("a deal needs a customer, and something must be made", async () => {
  const { user, form } = await ask(["王小明"]);
  const part = (name: string) => within(form.getByRole("group", { name }));
  await user.click(part("Customer").getByRole("button", { name: "None" }));
  expect(form.getByRole("alert").textContent).toBe("An opportunity needs a customer");
  expect(start(form)).toHaveProperty("disabled", true);
  await user.click(part("Opportunity").getByRole("button", { name: "None" }));
  expect(form.queryByRole("alert")).toBeNull();
  await user.click(part("Contact").getByRole("button", { name: "None" }));
  expect(form.getByRole("alert").textContent).toBe("Create or link at least one record.");
});

test("duplicates are made only with a reason; the owner and the rest are asked for where wanted", async () => {
  const { user, form } = await ask(["王小明"]);
  await user.click(form.getByRole("button", { name: "More choices" }));
  await user.click(form.getByRole("button", { name: "Create all the same" }));
  await user.click(start(form));
  expect(form.getByText("A reason is needed")).toBeTruthy();
  expect(sent).toEqual([]);
  await user.type(form.getByRole("textbox", { name: /^Why is there/ }), "From the fair");
  await user.click(form.getByRole("button", { name: "Close", pressed: false }));
  await user.click(form.getByRole("combobox", { name: "Owner of what is created" }));
  await user.click(await screen.findByRole("option", { name: /Cai/ }));
  await user.click(form.getByRole("switch"));
  await user.click(start(form));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body.plan).toEqual({
    ...usual,
    fill: "lead_wins",
    on_duplicate: "force",
    duplicate_reason: "From the fair",
    open_tasks: "close",
    owner_id: "u-cai",
  });
});

test("what is refused is said in the dialog, with who is left out and why", async () => {
  refusal = {
    status: 422,
    body: {
      code: "validation_failed",
      title: "Not valid",
      errors: [{ pointer: "/ids", code: "invalid_value", detail: "There is no lead to convert" }],
      left_out: { already_converted: 0, forbidden: 2 },
    },
  };
  const { user, form, path } = await ask(["王小明", "林晓"]);
  await user.click(start(form));
  const alert = await form.findByRole("alert");
  expect(alert.textContent).toContain("There is no lead to convert");
  expect(alert.textContent).toContain("2 leads are not yours to convert");
  expect(path()).toBe("/");
  refusal = null;
  await user.click(start(form));
  await waitFor(() => expect(path()).toBe("/jobs/j-1"));
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
});

test("an answer that was lost begins no second job", async () => {
  const { user, form, path } = await ask(["王小明"]);
  let isLost = true;
  server.use(
    http.post("*/api/v1/leads/conversions", ({ request }) => {
      sent.push({ body: {}, key: request.headers.get("idempotency-key") });
      if (!isLost) return HttpResponse.json(job("j-1"), { status: 202 });
      isLost = false;
      return HttpResponse.error();
    }),
  );
  await user.click(start(form));
  expect((await form.findByRole("alert")).textContent).toContain("The server cannot be reached");
  await user.click(start(form));
  await waitFor(() => expect(path()).toBe("/jobs/j-1"));
  expect(sent[1]?.key).toBe(sent[0]?.key);
});
