import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Handover, HandoverCounts, Holdings } from "@/api/handover";
import type { User } from "@/api/people";
import { renderRouted } from "@/test/routed";
import { me, pool } from "@/test/samples";
import PeopleSection from "../PeopleSection";

const server = setupServer();
let holdings: Holdings;
let handovers: Handover[];
let refused: object | null;
let sent: { path: string; body: Record<string, unknown> }[];

const person = (id: string, values: Partial<User> = {}): User => ({
  id,
  name: id,
  email: `${id}@example.com`,
  language: "en",
  time_zone: "Asia/Shanghai",
  team_id: null,
  team: null,
  manager_id: null,
  manager: null,
  roles: [],
  is_active: true,
  last_sign_in_at: null,
  version: 2,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  ...values,
});

const nothing: HandoverCounts = {
  customers: 0,
  contacts: 0,
  leads: 0,
  opportunities: 0,
  tasks: 0,
  assignment_rules: 0,
  reports: 0,
};

const handover = (values: Partial<Handover> = {}): Handover => ({
  id: "h-1",
  user: { id: "Bo", name: "Bo" },
  switched_off: true,
  reason: "leaves",
  created_at: "2026-11-20T08:00:00Z",
  created_by: { id: "u-amy", name: "Amy Liu" },
  counts: { ...nothing, customers: 12, leads: 3 },
  shares: [
    { user: { id: "Cai", name: "Cai" }, pool: null, counts: { ...nothing, customers: 12 } },
    { user: null, pool: null, counts: { ...nothing, leads: 3 } },
  ],
  undo_until: "2026-12-20T08:00:00Z",
  can_undo: true,
  undone_at: null,
  undone_by: null,
  returned: null,
  left: [],
  ...values,
});

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

beforeEach(() => {
  holdings = {
    ...nothing,
    customers: 12,
    leads: 3,
    closed_opportunities: 5,
    assignment_rules: 1,
    reports: 2,
    api_keys: 1,
    is_any_open: true,
  };
  handovers = [];
  refused = null;
  sent = [];
  const keep = async (request: Request) => {
    const text = await request.text();
    sent.push({
      path: new URL(request.url).pathname.replace("/api/v1", ""),
      body: text === "" ? {} : JSON.parse(text),
    });
  };
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pools", () => HttpResponse.json({ data: [pool("East")] })),
    http.get("*/api/v1/users", () =>
      HttpResponse.json({ data: [person("Bo"), person("Cai")], page: { has_more: false } }),
    ),
    http.get("*/api/v1/users/directory", () =>
      HttpResponse.json({
        data: ["Bo", "Cai", "Dan"].map((id) => ({ id, name: id, is_active: true })),
      }),
    ),
    http.get("*/api/v1/users/Bo/holdings", () => HttpResponse.json(holdings)),
    http.get("*/api/v1/users/Bo/handovers", () => HttpResponse.json({ data: handovers })),
    http.patch("*/api/v1/users/Bo", async ({ request }) => {
      await keep(request);
      return HttpResponse.json(person("Bo", { is_active: false }));
    }),
    http.post("*/api/v1/users/Bo/handovers", async ({ request }) => {
      await keep(request);
      if (refused) return HttpResponse.json(refused, { status: 409 });
      handovers = [handover()];
      return HttpResponse.json(handovers[0], { status: 201 });
    }),
    http.post("*/api/v1/handovers/h-1/undo", async ({ request }) => {
      await keep(request);
      if (refused) return HttpResponse.json(refused, { status: 409 });
      handovers = [
        handover({
          can_undo: false,
          undone_at: "2026-11-21T08:00:00Z",
          undone_by: { id: "u-amy", name: "Amy Liu" },
          returned: { ...nothing, customers: 11 },
          left: [{ kind: "customer", reason: "reassigned", count: 1 }],
        }),
      ];
      return HttpResponse.json(handovers[0]);
    }),
  );
});

async function openMenu(entry: string) {
  const view = await renderRouted(<PeopleSection />);
  await view.user.click(await screen.findByRole("button", { name: "Actions for Bo" }));
  await view.user.click(await screen.findByRole("menuitem", { name: entry }));
  return view;
}

async function openForm() {
  const view = await openMenu("Hand over…");
  const form = await screen.findByRole("dialog", { name: "Hand over the work of Bo" });
  await within(form).findByRole("combobox", { name: /Everything goes to/ });
  const choose = async (field: RegExp, name: string) => {
    await view.user.click(within(form).getByRole("combobox", { name: field }));
    await view.user.click(await screen.findByRole("option", { name }));
  };
  const submit = () =>
    view.user.click(screen.getByRole("button", { name: /^Hand over( and deactivate)?$/ }));
  return { ...view, form, choose, submit };
}

test("everything goes to one person, who takes the places too, and the result says who has what", async () => {
  const { form, choose, submit, user } = await openForm();
  expect(within(form).getByText("Closed opportunities")).toBeTruthy();
  expect(within(form).getByText(/1 API key of theirs stops working/)).toBeTruthy();
  await submit();
  await within(form).findByText("Choose who takes over.");
  expect(sent).toEqual([]);
  await choose(/Everything goes to/, "Cai");
  expect(screen.queryByRole("option", { name: "Bo" })).toBeNull();
  const { violations } = await axe.run(form, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
  await submit();
  const done = await screen.findByRole("dialog", { name: "The work of Bo is handed over" });
  const heirs = { nobody: false, user_ids: ["Cai"] };
  expect(sent).toEqual([
    {
      path: "/users/Bo/handovers",
      body: {
        customers: heirs,
        leads: heirs,
        with_closed_opportunities: false,
        assignment_rules_to: "Cai",
        reports_to: "Cai",
        deactivate: true,
        exceed_caps: false,
      },
    },
  ]);
  const shares = within(within(done).getByRole("list", { name: "Who has what" }));
  expect(shares.getAllByRole("listitem").map((line) => line.textContent)).toEqual([
    expect.stringContaining("12 customers"),
    "Nobody 3 leads",
  ]);
  await user.click(within(done).getByRole("button", { name: "Undo the handover" }));
  const question = await screen.findByRole("alertdialog", { name: "Undo this handover?" });
  expect(within(question).getByText("Bo is active again and has to sign in anew.")).toBeTruthy();
  await user.click(within(question).getByRole("button", { name: "Undo the handover" }));
  const undone = await screen.findByRole("region", { name: "Undone" });
  expect(within(undone).getByText("Came back: 11 customers.")).toBeTruthy();
  expect(within(undone).getByText("1 customer stayed: given to somebody else since.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo the handover" })).toBeNull();
});

test("once the result is closed, a toast still takes it back and says what came of it", async () => {
  const { choose, submit, user } = await openForm();
  await choose(/Everything goes to/, "Cai");
  await submit();
  const done = await screen.findByRole("dialog", { name: "The work of Bo is handed over" });
  const [, close] = within(done).getAllByRole("button", { name: "Close" });
  await user.click(close as HTMLElement);
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await screen.findAllByText("The handover of Bo is undone");
  expect(
    screen.getAllByText("Came back: 11 customers. 1 customer stayed: given to somebody else since.")
      .length,
  ).toBeGreaterThan(0);
  expect(sent.map(({ path }) => path)).toEqual(["/users/Bo/handovers", "/handovers/h-1/undo"]);
});

test("each kind may go its own way", async () => {
  const { form, choose, submit, user } = await openForm();
  await choose(/Everything goes to/, "Cai");
  await user.click(within(form).getByRole("button", { name: "Choose for each kind" }));
  await choose(/^12 customers/, "Into a pool");
  await submit();
  expect((await within(form).findAllByText("Choose who takes over.")).length).toBe(1);
  await choose(/^Pool/, "East");
  await user.click(within(form).getByRole("switch", { name: "Deactivate Bo with it" }));
  await choose(/^3 leads/, "Stays");
  await user.click(within(form).getByRole("switch", { name: "Deactivate Bo with it" }));
  await choose(/^3 leads/, "Without an owner");
  await user.click(within(form).getByRole("checkbox", { name: "5 closed opportunities too" }));
  await submit();
  await waitFor(() => expect(sent.length).toBe(1));
  expect(sent[0]?.body).toMatchObject({
    customers: { nobody: false, pool_id: "East", user_ids: [] },
    leads: { nobody: true, user_ids: [] },
    opportunities: { nobody: false, user_ids: ["Cai"] },
    with_closed_opportunities: true,
    deactivate: true,
  });
});

test("refusals stand at their places, and a cap may be exceeded by whoever sets the rules", async () => {
  refused = {
    code: "claim_refused",
    title: "Refused",
    over: [{ user: { id: "Cai", name: "Cai" }, limit: 50, owned: 48, given: 12 }],
  };
  const { form, choose, submit, user } = await openForm();
  await choose(/Everything goes to/, "Cai");
  await submit();
  await within(form).findByText("Cai may own 50, has 48 and would get 12");
  await user.click(within(form).getByRole("checkbox", { name: /beyond the limit/ }));
  refused = { code: "last_admin", title: "Last", detail: "The last administrator" };
  await submit();
  await within(form).findByText("The last administrator");
  expect(sent[1]?.body).toMatchObject({ exceed_caps: true });
  refused = { code: "cycle", title: "Cycle", detail: "They would report to themselves" };
  await submit();
  await within(form).findByText("They would report to themselves");
  refused = {
    code: "validation_failed",
    title: "Invalid",
    errors: [{ pointer: "/customers/user_ids/0", detail: "Not active" }],
  };
  await submit();
  await within(form).findByText("Not active");
  refused = { code: "nothing_to_hand_over", title: "There is nothing to hand over" };
  await submit();
  await within(form).findByText("There is nothing to hand over");
});

test("whoever is switched off and has something is better handed over", async () => {
  const { user } = await openMenu("Deactivate");
  const question = await screen.findByRole("alertdialog", { name: "Deactivate Bo?" });
  await within(question).findByText(/still has 12 customers, 3 leads, 1 assignment rule/);
  await user.click(within(question).getByRole("button", { name: "Hand over first…" }));
  const form = await screen.findByRole("dialog", { name: "Hand over the work of Bo" });
  const off = await within(form).findByRole("switch", { name: "Deactivate Bo with it" });
  expect(off.getAttribute("aria-checked")).toBe("true");
});

test("whoever has nothing is switched off as ever", async () => {
  holdings = { ...holdings, ...nothing, is_any_open: false };
  const { user } = await openMenu("Deactivate");
  const question = await screen.findByRole("alertdialog", { name: "Deactivate Bo?" });
  const off = within(question).getByRole("button", { name: "Deactivate" });
  await waitFor(() => expect((off as HTMLButtonElement).disabled).toBe(false));
  expect(within(question).queryByRole("button", { name: "Hand over first…" })).toBeNull();
  await user.click(off);
  await waitFor(() => expect(sent).toEqual([{ path: "/users/Bo", body: { is_active: false } }]));
});

test("the list of handovers leads to each, and says why one cannot be undone", async () => {
  handovers = [handover()];
  const { user } = await openMenu("Handovers");
  const list = await screen.findByRole("dialog", { name: "Handovers of Bo" });
  await user.click(await within(list).findByRole("button", { name: /12 customers, 3 leads/ }));
  refused = { code: "undo_refused", title: "No", reasons: [{ reason: "too_late", until: null }] };
  await user.click(await within(list).findByRole("button", { name: "Undo the handover" }));
  const question = await screen.findByRole("alertdialog", { name: "Undo this handover?" });
  await user.click(within(question).getByRole("button", { name: "Undo the handover" }));
  await within(question).findByText("It was more than 30 days ago.");
  await user.click(within(question).getByRole("button", { name: "Cancel" }));
  await user.click(within(list).getByRole("button", { name: "Back to the list" }));
  await within(list).findByRole("button", { name: /12 customers, 3 leads/ });
});

test("without anything there is nothing to hand over", async () => {
  holdings = { ...holdings, ...nothing, closed_opportunities: 0, is_any_open: false };
  await openMenu("Hand over…");
  await screen.findByText("There is nothing to hand over");
  expect(screen.queryByRole("button", { name: "Hand over" })).toBeNull();
});
