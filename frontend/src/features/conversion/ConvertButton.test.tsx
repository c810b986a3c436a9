import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ConversionPreview, ConversionRequest } from "@/api/conversion";
import type { Activity } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { activity, lead, me, opportunity, pipeline, yuan } from "@/test/samples";
import { ConvertButton } from "./ConvertButton";

const server = setupServer();
let asked: Partial<ConversionRequest>[];
let sent: { request: ConversionRequest; version: string | null; key: string | null }[];
let preview: ConversionPreview;
let planned: Activity[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const conversion = {
  id: "v-1",
  customer_id: "c-9",
  contact_id: "k-9",
  opportunity_id: "o-9",
  converted_at: "2026-11-20T08:00:00Z",
  converted_by: "u-amy",
  can_undo_until: "2099-12-04T08:00:00Z",
};

const same = {
  id: "c-1",
  name: "云栖餐饮有限公司",
  score: 95,
  matched: ["name", "domain"],
  is_editable: true,
};

beforeEach(() => {
  asked = [];
  sent = [];
  planned = [];
  preview = {
    candidates: { customers: [], contacts: [], opportunities: [], hidden: 0 },
    proposed: {
      customer: { name: "云栖餐饮", address: { city: "武汉" } },
      contact: { family_name: "王", given_name: "小明", phone: "13800138000" },
      opportunity: { name: "云栖餐饮 – 收银", amount: yuan("50000.00") },
    },
    missing: [],
    forbidden: [],
    conflicts: [],
    carried_over: { tags: [], source: null },
  };
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline()] })),
    http.get("*/api/v1/activities", () => HttpResponse.json({ data: planned, page: {} })),
    http.post("*/api/v1/leads/l-1/conversion/preview", async ({ request }) => {
      asked.push((await request.json()) as Partial<ConversionRequest>);
      return HttpResponse.json(preview);
    }),
    answer(201, {
      conversion,
      lead: lead("l-1", { conversion, status_category: "converted" }),
      customer: { id: "c-9", name: "云栖餐饮" },
      contact: { id: "k-9", name: "王小明" },
      opportunity: opportunity("o-9", "s-new"),
      notes: [],
    }),
  );
});

function answer(status: number, body: object) {
  return http.post("*/api/v1/leads/l-1/conversion", async ({ request }) => {
    sent.push({
      request: (await request.json()) as ConversionRequest,
      version: request.headers.get("if-match"),
      key: request.headers.get("idempotency-key"),
    });
    return HttpResponse.json(body, { status });
  });
}

async function open(values: Parameters<typeof lead>[1] = {}) {
  const view = await renderRouted(<ConvertButton lead={lead("l-1", values)} />);
  await view.user.click(screen.getByRole("button", { name: /Convert/ }));
  const dialog = await screen.findByRole("dialog");
  return { ...view, dialog };
}

const part = (name: string) => within(screen.getByRole("region", { name }));
const convert = () => screen.getByRole("button", { name: "Convert" });

test("three new records are proposed; only what was changed is sent", async () => {
  const { user } = await open();
  const name = await screen.findByDisplayValue("云栖餐饮 – 收银");
  expect(part("Customer").getByDisplayValue("武汉")).toBeTruthy();
  await user.clear(name);
  await user.type(name, "Tills");
  await user.click(part("Opportunity").getByRole("button", { name: "Take Name from the lead" }));
  expect(part("Opportunity").getByDisplayValue("云栖餐饮 – 收银")).toBeTruthy();
  await user.type(part("Customer").getByRole("textbox", { name: "Industry" }), "餐饮");
  const phone = part("Contact").getByRole("textbox", { name: "Phone" });
  await user.clear(phone);
  await user.type(phone, "139");
  await user.click(convert());
  await screen.findByText(/has been converted/);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.version).toBe('"1"');
  expect(sent[0]?.request).toEqual({
    customer: { mode: "create", fields: { industry: "餐饮" } },
    contact: {
      mode: "create",
      fields: { phones: [{ kind: "mobile", value: "139", primary: true }] },
    },
    opportunity: { mode: "create" },
    fill: "blank_only",
  });
  expect(screen.getByRole("link", { name: /云栖餐饮/ }).getAttribute("href")).toBe(
    "/customers/c-9",
  );
});

test("what is planned about the lead goes along, stays, or is closed", async () => {
  planned = [activity("a-1", { name: "Call back" })];
  const { user } = await open();
  const region = await screen.findByRole("region", { name: /1 thing is planned/ });
  expect(region.textContent).toContain("Call back");
  await user.click(within(region).getByRole("button", { name: "Close" }));
  await user.click(convert());
  await screen.findByText(/has been converted/);
  expect(sent[0]?.request.open_tasks).toBe("close");
});

test("a sure candidate is linked; the preview is asked again and conflicts can be taken", async () => {
  preview.candidates.customers = [same];
  preview.conflicts = [
    { record: "customer", id: "c-1", field: "phone", current: "027-1", lead: "027-2" },
  ];
  const { user } = await open();
  const customer = part("Customer");
  expect(await screen.findByText("95%")).toBeTruthy();
  expect(customer.getByText("Domain")).toBeTruthy();
  await waitFor(() => expect(asked.at(-1)?.customer).toEqual({ mode: "link", id: "c-1" }));
  await user.click(customer.getByRole("button", { name: "Take Phone from the lead" }));
  await user.click(convert());
  await screen.findByText(/has been converted/);
  expect(sent[0]?.request.customer).toEqual({
    mode: "link",
    id: "c-1",
    fields: { phone: "027-2" },
  });
});

test("the lead wins when the switch says so", async () => {
  preview.candidates.customers = [same];
  const { user } = await open();
  await user.click(await screen.findByRole("switch", { name: /lead’s values win/ }));
  await waitFor(() => expect(asked.at(-1)?.fill).toBe("lead_wins"));
  await user.click(convert());
  await screen.findByText(/has been converted/);
  expect(sent[0]?.request.fill).toBe("lead_wins");
});

test("duplicates can be linked or forced with a reason", async () => {
  server.use(
    answer(409, {
      code: "duplicate_candidates",
      candidates: { customers: [same], contacts: [], opportunities: [], hidden: 1 },
    }),
  );
  const { user } = await open();
  await screen.findByDisplayValue("云栖餐饮 – 收银");
  await user.click(convert());
  const notice = await screen.findByRole("alert", { name: "These seem to be here already" });
  await user.click(within(notice).getByRole("button", { name: "Create all the same" }));
  expect(sent).toHaveLength(1);
  await user.type(within(notice).getByRole("textbox"), "Another branch");
  await user.click(within(notice).getByRole("button", { name: "Create all the same" }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.request).toMatchObject({
    on_duplicate: "force",
    duplicate_reason: "Another branch",
  });
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
  await user.click(
    within(await screen.findByRole("alert")).getByRole("button", { name: same.name }),
  );
  expect(screen.queryByRole("alert")).toBeNull();
  await user.click(convert());
  await waitFor(() => expect(sent.at(-1)?.request.customer).toEqual({ mode: "link", id: "c-1" }));
});

test("when somebody was faster, what exists is shown", async () => {
  server.use(answer(409, { code: "already_converted", conversion }));
  const { user } = await open();
  await screen.findByDisplayValue("云栖餐饮 – 收银");
  await user.click(convert());
  await screen.findByText(/Somebody else was faster/);
  const links = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toEqual(["/customers/c-9", "/contacts/k-9", "/opportunities/o-9"]);
});

test("a changed lead is converted from its newer version at the next press", async () => {
  server.use(answer(412, { code: "version_conflict", current: { version: 8 } }));
  const { user } = await open();
  await screen.findByDisplayValue("云栖餐饮 – 收银");
  await user.click(convert());
  await screen.findByText(/The lead was changed in the meantime/);
  await user.click(convert());
  await waitFor(() => expect(sent.map(({ version }) => version)).toEqual(['"1"', '"8"']));
});

test("the server's complaints stand at their fields", async () => {
  server.use(
    answer(422, {
      code: "validation_failed",
      title: "Invalid",
      errors: [{ pointer: "/customer/fields/name", code: "too_long", detail: "Too long" }],
    }),
  );
  const { user } = await open();
  await screen.findByDisplayValue("云栖餐饮 – 收银");
  await user.click(convert());
  expect(await part("Customer").findByText("Too long")).toBeTruthy();
});

test("an opportunity needs a customer, and something must happen", async () => {
  const { user } = await open();
  await screen.findByDisplayValue("云栖餐饮 – 收银");
  await user.click(part("Customer").getByRole("button", { name: "None" }));
  expect(part("Opportunity").getByText("An opportunity needs a customer")).toBeTruthy();
  expect(convert().hasAttribute("disabled")).toBe(true);
  await user.click(part("Opportunity").getByRole("button", { name: "None" }));
  await user.click(part("Contact").getByRole("button", { name: "None" }));
  expect(screen.getByText("Create or link at least one record.")).toBeTruthy();
});

test("what one may not create is not offered", async () => {
  preview.forbidden = ["create_customer"];
  await open();
  expect(await screen.findByText("You may not create customers.")).toBeTruthy();
  expect(part("Customer").queryByRole("button", { name: "Create" })).toBeNull();
});

test("a converted lead shows what it became and can be taken back, unless the server refuses", async () => {
  server.use(
    http.post(
      "*/api/v1/leads/l-1/conversion/undo",
      () =>
        HttpResponse.json(
          {
            code: "undo_refused",
            reasons: [{ reason: "changed_by_others", type: "customer", id: "c-9" }],
          },
          { status: 409 },
        ),
      { once: true },
    ),
  );
  const { user, dialog } = await open({
    conversion,
    can: { edit: true, delete: true, assign: true },
  });
  await user.click(screen.getByRole("button", { name: "Undo the conversion" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Customer: changed by others");
  server.use(http.post("*/api/v1/leads/l-1/conversion/undo", () => HttpResponse.json(lead("l-1"))));
  await user.click(screen.getByRole("button", { name: "Undo the conversion" }));
  await waitFor(() => expect(dialog.isConnected).toBe(false));
});

test("the dialog has no accessibility violations", async () => {
  preview.candidates.customers = [same];
  preview.conflicts = [
    { record: "customer", id: "c-1", field: "phone", current: "027-1", lead: "027-2" },
  ];
  const { dialog } = await open();
  await screen.findByText("95%");
  const { violations } = await axe.run(dialog, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((violation) => [violation.id, violation.nodes[0]?.html])).toEqual([]);
});
