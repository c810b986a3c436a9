import { useQuery } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { recordQuery } from "@/api/records";
import type { AnyRecord, Contact, Lead, Opportunity } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { contact, lead, me, opportunity, pipeline } from "@/test/samples";
import { descriptors } from "./descriptors";
import { EditButton } from "./EditButton";
import { Facts } from "./Facts";
import type { Descriptor } from "./model";
import { Related } from "./Related";
import { useRecordUpdate } from "./use-record-update";

let writes: { match: string | null; body: Record<string, unknown> }[] = [];
let stored: AnyRecord;

const page = (data: unknown[]) => ({ data, page: { limit: 100, has_more: false }, meta: {} });

const server = setupServer(
  http.get("*/api/v1/me", () => HttpResponse.json(me())),
  http.get("*/api/v1/sources", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/lead-statuses", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline()] })),
  http.get("*/api/v1/users/directory", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/contacts", () =>
    HttpResponse.json(page([contact("k-1"), contact("k-2", { name: "林晓" })])),
  ),
  http.get("*/api/v1/:type/:id", () => HttpResponse.json(stored)),
  http.patch("*/api/v1/:type/:id", async ({ request }) => {
    const body = (await request.json()) as Record<string, unknown>;
    writes.push({ match: request.headers.get("if-match"), body });
    stored = { ...stored, ...body, version: stored.version + 1 } as AnyRecord;
    return HttpResponse.json(stored);
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  writes = [];
});

function Sample({ type }: { type: Descriptor["type"] }) {
  const record = useQuery(recordQuery(type, stored.id)).data as AnyRecord | undefined;
  if (!record) return null;
  return (
    <>
      <EditButton descriptor={descriptors[type]} record={record} />
      <Facts descriptor={descriptors[type]} record={record} />
    </>
  );
}

async function open(type: Descriptor["type"], record: AnyRecord) {
  stored = record;
  const view = await renderRouted(<Sample type={type} />);
  await screen.findByRole("button", { name: /^Edit\s*E$/ });
  await view.user.keyboard("e");
  const form = await screen.findByRole("dialog", { name: `Edit ${record.name}` });
  const box = (name: string) => within(form).getByRole("textbox", { name });
  return { ...view, form, box };
}

const refuse = (errors: object[], status = 422) =>
  http.patch("*/api/v1/:type/:id", () =>
    HttpResponse.json({ code: "validation_failed", title: "Not valid", errors }, { status }),
  );

test("E opens the form; it sends what changed, in one patch of the version seen", async () => {
  const { user, form, box } = await open("contacts", contact("k-1"));
  await user.clear(box("Job title"));
  await user.type(box("WeChat"), "xm");
  await user.click(within(form).getByRole("combobox", { name: "Month" }));
  await user.click(await screen.findByRole("option", { name: "May" }));
  await user.click(within(form).getByRole("combobox", { name: "Day" }));
  await user.click(await screen.findByRole("option", { name: "6" }));
  await within(form).findByText("3 changes");
  await user.type(box("WeChat"), "{Control>}{Enter}{/Control}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(writes).toEqual([
    {
      match: '"1"',
      body: { job_title: null, wechat: "xm", birthday: { month: 5, day: 6 } },
    },
  ]);
  expect(await screen.findByText("May 6")).toBeTruthy();
});

test("typing and taking back is no change; saving then sends nothing", async () => {
  const { user, form, box } = await open("leads", lead("l-1"));
  await user.type(box("Company"), "x{Backspace}");
  expect(within(form).getByText("No changes yet")).toBeTruthy();
  await user.click(within(form).getByRole("button", { name: /Save/ }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(writes).toEqual([]);
});

test("refusals stand at their fields, also inside lists, and the first has the focus", async () => {
  server.use(
    refuse([
      { pointer: "/phones/1/value", code: "invalid_value", detail: "Not a number" },
      { pointer: "/wechat", code: "too_long", detail: "Too long" },
    ]),
  );
  const { user, form, box } = await open("contacts", contact("k-1"));
  const phones = within(form).getByRole("group", { name: "Phones" });
  // A blank line must not shift the places the server speaks of.
  await user.click(within(phones).getByRole("button", { name: "Add" }));
  await user.click(within(phones).getByRole("button", { name: "Add" }));
  const [, , third] = within(phones).getAllByRole("textbox");
  if (third) await user.type(third, "abc");
  await user.click(within(form).getByRole("button", { name: /Save/ }));
  await within(form).findByText("Too long");
  expect(within(form).getByText("Not a number")).toBeTruthy();
  const second = within(phones).getAllByRole("textbox")[1];
  expect(second?.getAttribute("aria-invalid")).toBe("true");
  expect(within(phones).getAllByRole("textbox")[0]?.getAttribute("aria-invalid")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(second));
  expect(box("WeChat").getAttribute("aria-invalid")).toBe("true");
});

test("a refusal of no field of the form is told at the foot", async () => {
  server.use(refuse([{ pointer: "/status_category", code: "lead_converted", detail: "Closed" }]));
  const { user, form, box } = await open("leads", lead("l-1"));
  await user.type(box("Company"), "x");
  await user.click(within(form).getByRole("button", { name: /Save/ }));
  expect((await within(form).findByRole("alert")).textContent).toContain("Closed");
});

test("Esc asks before it throws changes away", async () => {
  const { user, box } = await open("leads", lead("l-1"));
  await user.type(box("Company"), "x");
  await user.keyboard("{Escape}");
  const question = await screen.findByRole("alertdialog", { name: "Discard your changes?" });
  expect(question.textContent).toContain("1 change is not saved yet.");
  await user.click(within(question).getByRole("button", { name: "Keep editing" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect((box("Company") as HTMLInputElement).value).toBe("云栖餐饮x");
  await user.keyboard("{Escape}");
  await user.click(await screen.findByRole("button", { name: "Discard" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(writes).toEqual([]);
});

test("whoever may not edit has no button and no key", async () => {
  stored = lead("l-1", { can: { edit: false, delete: false, assign: false } });
  const { user } = await renderRouted(<Sample type="leads" />);
  await screen.findByText("云栖餐饮");
  expect(screen.queryByRole("button", { name: /^Edit\s*E$/ })).toBeNull();
  await user.keyboard("e");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a converted lead offers only what can still be changed", async () => {
  const { form } = await open("leads", lead("l-1", { status_category: "converted" }));
  const boxes = within(form)
    .getAllByRole("textbox")
    .map((box) => document.getElementById(box.getAttribute("aria-labelledby") ?? "")?.textContent);
  expect(boxes.sort()).toEqual(["Interest", "Tags"]);
});

async function facts<T extends AnyRecord>(type: Descriptor["type"], record: T) {
  stored = record;
  const view = await renderRouted(<Sample type={type} />);
  await screen.findByRole("button", { name: /^Edit\s*E$/ });
  return view;
}

test("the tags of a campaign's link are edited in place, part by part", async () => {
  const { user } = await facts<Lead>("leads", lead("l-1", { utm: { source: "baidu" } }));
  await user.click(screen.getByRole("button", { name: /Edit UTM/ }));
  const parts = await screen.findByRole("group", { name: "UTM" });
  await user.type(within(parts).getByRole("textbox", { name: "Campaign" }), "spring{Enter}");
  await waitFor(() =>
    expect(writes[0]?.body).toEqual({ utm: { source: "baidu", campaign: "spring" } }),
  );
  expect(await screen.findByText("Campaign: spring")).toBeTruthy();
});

test("a birthday is edited in place; without the year it is a day", async () => {
  const { user } = await facts<Contact>(
    "contacts",
    contact("k-1", { birthday: { month: 2, day: 29, year: 1992 } }),
  );
  expect(screen.getByText("February 29, 1992")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: /Edit Birthday/ }));
  const year = await screen.findByRole("textbox", { name: "Year (optional)" });
  await user.clear(year);
  await user.type(year, "{Enter}");
  await waitFor(() =>
    expect(writes[0]?.body).toEqual({ birthday: { month: 2, day: 29, year: null } }),
  );
  expect(await screen.findByText("February 29")).toBeTruthy();
});

test("people of a deal are added, given a part, put first and taken away in place", async () => {
  const { user } = await facts<Opportunity>(
    "opportunities",
    opportunity("o-1", "s-new", {
      contacts: [{ contact_id: "k-1", name: "王小明", role: "user" }],
      primary_contact_id: "k-1",
      primary_contact: { id: "k-1", name: "王小明" },
    }),
  );
  await user.click(screen.getByRole("button", { name: /Edit Contacts/ }));
  const people = await screen.findByRole("group", { name: "Contacts" });
  await user.click(within(people).getByRole("button", { name: "Add" }));
  const [, second] = within(people).getAllByRole("combobox", { name: "Contact" });
  if (second) await user.click(second);
  await user.click(await screen.findByRole("option", { name: "林晓" }));
  expect(screen.queryByRole("option", { name: "王小明" })).toBeNull();
  const [, role] = within(people).getAllByRole("combobox", { name: "Role in the deal" });
  if (role) await user.click(role);
  await user.click(await screen.findByRole("option", { name: "Decision maker" }));
  const [, star] = within(people).getAllByRole("button", { name: "Make primary" });
  if (star) await user.click(star);
  const [first] = within(people).getAllByRole("button", { name: "Remove" });
  if (first) await user.click(first);
  await user.click(document.body);
  await waitFor(() =>
    expect(writes[0]?.body).toEqual({
      contacts: [{ contact_id: "k-2", role: "decision_maker" }],
      primary_contact_id: "k-2",
    }),
  );
});

function TwoWrites() {
  const update = useRecordUpdate("leads");
  const both = () => {
    void update(stored, { company_name: "A" });
    void update(stored, { phone: "1" });
  };
  return (
    <button type="button" onClick={both}>
      Both
    </button>
  );
}

test("of two changes in a row, the second builds on the first", async () => {
  stored = lead("l-1");
  const { user } = await renderRouted(<TwoWrites />);
  await user.click(screen.getByRole("button", { name: "Both" }));
  await waitFor(() => expect(writes).toHaveLength(2));
  expect(writes).toEqual([
    { match: '"1"', body: { company_name: "A" } },
    { match: '"2"', body: { phone: "1" } },
  ]);
});

test("a converted lead shows what it became by name, and says what is out of sight", async () => {
  const conversion = {
    id: "v-1",
    customer_id: "c-9",
    contact_id: "k-9",
    opportunity_id: null,
    converted_at: "2026-11-20T08:00:00Z",
    converted_by: "u-amy",
    can_undo_until: "2099-12-04T08:00:00Z",
  };
  const asked: string[] = [];
  const note = (url: string) => asked.push(new URL(url).search);
  server.use(
    http.get("*/api/v1/contacts", ({ request }) => {
      note(request.url);
      return HttpResponse.json(page([contact("k-9", { name: "林晓" })]));
    }),
    http.get("*/api/v1/customers", ({ request }) => {
      note(request.url);
      return HttpResponse.json(page([]));
    }),
  );
  const record = lead("l-1", { status_category: "converted", conversion });
  await renderRouted(<Related descriptor={descriptors.leads} record={record} />);
  const link = await screen.findByRole("link", { name: /林晓/ });
  expect(link.getAttribute("href")).toBe("/contacts/k-9");
  expect(await screen.findByText("It may have been deleted, or you may not see it.")).toBeTruthy();
  expect(asked.map((query) => new URLSearchParams(query).get("filter")).sort()).toEqual([
    'id = "c-9"',
    'id = "k-9"',
  ]);
});
