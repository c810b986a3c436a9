import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { CascadeResult, CompanionsPreview } from "@/api/handover";
import { render } from "@/test/render";
import { customer } from "@/test/samples";
import { TransferDialog } from "./TransferDialog";

const server = setupServer();
let counts: CompanionsPreview;
let moved: CascadeResult;
let refused: object | null;
let sent: unknown[];

const none = { same_owner: 0, all: 0, forbidden: 0 };
const stayed = { followed: 0, left: [] };

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

beforeEach(() => {
  localStorage.removeItem("rapport.transfer");
  counts = {
    contacts: { same_owner: 2, all: 3, forbidden: 1 },
    opportunities: { same_owner: 4, all: 4, forbidden: 0 },
    tasks: none,
  };
  moved = {
    contacts: { followed: 2, left: [{ reason: "forbidden", count: 1 }] },
    opportunities: { followed: 4, left: [] },
    tasks: stayed,
  };
  refused = null;
  sent = [];
  server.use(
    http.get("*/api/v1/users/directory", () =>
      HttpResponse.json({
        data: [
          { id: "u-amy", name: "Amy Liu", is_active: true },
          { id: "u-cai", name: "Cai", is_active: true },
        ],
      }),
    ),
    http.get("*/api/v1/customers/c-1/transfer/preview", () => HttpResponse.json(counts)),
    http.post("*/api/v1/customers/c-1/transfer", async ({ request }) => {
      sent.push(await request.json());
      if (refused) return HttpResponse.json(refused, { status: 409 });
      const owner = { id: "u-cai", name: "Cai" };
      return HttpResponse.json({
        ...customer("c-1", { owner_id: "u-cai", owner }),
        cascade: moved,
      });
    }),
  );
});

function open(owner: string | null = null) {
  const onClose = vi.fn();
  const view = render(
    <TransferDialog customer={customer("c-1")} owner={owner} onClose={onClose} />,
  );
  return { ...view, onClose };
}

const group = (name: string) => within(screen.getByRole("group", { name }));

test("it asks what goes along, takes what is the same owner's, and says what followed and what stayed", async () => {
  const { user, onClose } = open();
  await screen.findByRole("group", { name: "Contacts" });
  expect(
    group("Contacts").getByRole("button", { name: "Same owner 2", pressed: true }),
  ).toBeTruthy();
  expect(group("Open opportunities").queryByRole("button", { name: /Same owner/ })).toBeNull();
  expect(screen.queryByRole("group", { name: "Tasks" })).toBeNull();
  expect(screen.getByText("1 of them is not yours to give away and stays.")).toBeTruthy();
  await user.click(screen.getByRole("combobox", { name: /New owner/ }));
  await user.click(await screen.findByRole("option", { name: "Cai" }));
  expect(screen.queryByRole("option", { name: "Amy Liu" })).toBeNull();
  await user.click(group("Contacts").getByRole("button", { name: "All 3" }));
  await user.click(screen.getByRole("button", { name: "Transfer" }));
  await screen.findAllByText("“云栖餐饮” now belongs to Cai");
  expect(
    screen.getAllByText(
      "Went along: 2 contacts, 4 opportunities. Stayed: 1 contact, which you may not give away.",
    ).length,
  ).toBeGreaterThan(0);
  expect(sent).toEqual([
    {
      owner_id: "u-cai",
      cascade: { contacts: "all", opportunities: "same_owner", tasks: "same_owner" },
    },
  ]);
  expect(onClose).toHaveBeenCalled();
});

test("the choice is remembered, and an owner chosen before is there", async () => {
  localStorage.setItem("rapport.transfer", JSON.stringify({ contacts: "none", tasks: "nonsense" }));
  const { user, baseElement } = open("u-cai");
  await screen.findByDisplayValue("Cai");
  await screen.findByRole("group", { name: "Contacts" });
  expect(group("Contacts").getByRole("button", { name: "None", pressed: true })).toBeTruthy();
  const { violations } = await axe.run(baseElement, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Transfer" }));
  await waitFor(() =>
    expect(sent).toMatchObject([{ cascade: { contacts: "none", tasks: "same_owner" } }]),
  );
});

test("what is stored and cannot be read counts for nothing", async () => {
  localStorage.setItem("rapport.transfer", "{");
  open();
  await screen.findByRole("group", { name: "Contacts" });
  expect(
    group("Contacts").getByRole("button", { name: "Same owner 2", pressed: true }),
  ).toBeTruthy();
});

test("a limit of the pool is told at the new owner, too many at their kind", async () => {
  refused = { code: "claim_refused", title: "Refused", reason: "owned_cap", limit: 50 };
  const { user, onClose } = open("u-cai");
  await screen.findByDisplayValue("Cai");
  await screen.findByRole("group", { name: "Contacts" });
  await user.click(screen.getByRole("button", { name: "Transfer" }));
  await screen.findByText("Cai may own no more than 50 customers.");
  refused = {
    code: "limit_reached",
    title: "Too many",
    errors: [{ pointer: "/cascade/contacts", detail: "At most 500" }],
  };
  await user.click(screen.getByRole("button", { name: "Transfer" }));
  expect((await screen.findByRole("alert")).textContent).toBe("At most 500");
  refused = { code: "conflict", title: "Something else" };
  await user.click(screen.getByRole("button", { name: "Transfer" }));
  await screen.findByText("Something else");
  expect(onClose).not.toHaveBeenCalled();
});

test("nothing that could go along is said", async () => {
  counts = { contacts: none, opportunities: none, tasks: none };
  open();
  await screen.findByText("It has no contacts, open opportunities or tasks.");
});
