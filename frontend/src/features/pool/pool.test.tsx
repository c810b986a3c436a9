import { useQuery } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { meQuery } from "@/api/me";
import type { MyPool, Pool } from "@/api/pools";
import { recordQuery } from "@/api/records";
import type { Customer } from "@/api/types";
import { changeLanguage } from "@/lib/i18n";
import { render } from "@/test/render";
import { customer, me, myPool, pool, pooled } from "@/test/samples";
import { ClaimLimits } from "./ClaimLimits";
import { PoolBadge } from "./PoolBadge";
import { PoolBanner } from "./PoolBanner";
import { PoolDialog } from "./PoolDialog";
import type { PoolQuestion } from "./question";

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

const server = setupServer();
let stored: Customer;
let mine: MyPool[];
let pools: Pool[];
let refused: { status: number; body: object } | null;
let sent: { path: string; body: unknown; key: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

beforeEach(() => {
  stored = pooled("c-1");
  mine = [myPool()];
  pools = [pool("East")];
  refused = null;
  sent = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/me/pools", () => HttpResponse.json({ data: mine })),
    http.get("*/api/v1/pools", () => HttpResponse.json({ data: pools })),
    http.get("*/api/v1/users/directory", () =>
      HttpResponse.json({
        data: [
          { id: "u-amy", name: "Amy Liu", is_active: true },
          { id: "u-cai", name: "Cai", is_active: true },
        ],
      }),
    ),
    http.get("*/api/v1/customers/c-1", () => HttpResponse.json(stored)),
    http.post("*/api/v1/customers/c-1/:move", async ({ request }) => {
      const text = await request.text();
      sent.push({
        path: new URL(request.url).pathname.replace("/api/v1/customers/c-1", ""),
        body: text === "" ? {} : JSON.parse(text),
        key: request.headers.get("idempotency-key"),
      });
      if (refused) return HttpResponse.json(refused.body, { status: refused.status });
      stored = customer("c-1");
      return HttpResponse.json(stored);
    }),
  );
});

function refuse(body: object) {
  refused = { status: 409, body: { title: "Refused", ...body } };
}

/** The customer as its page keeps it. */
function Page() {
  useQuery(meQuery());
  const shown = useQuery(recordQuery("customers", "c-1")).data;
  if (!shown) return null;
  return (
    <main>
      <p>{shown.owner ? `owned by ${shown.owner.name}` : "nobody's"}</p>
      <PoolBadge customer={shown} />
      <PoolBanner customer={shown} />
    </main>
  );
}

const open = async () => {
  const view = render(<Page />);
  await screen.findByText(/owned by|nobody's/);
  return view;
};

const claim = async () => {
  const view = await open();
  await view.user.click(await screen.findByRole("button", { name: "Claim" }));
  return view;
};

const violationsIn = async (element: Element) => {
  const { violations } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return violations.map((found) => [found.id, found.nodes[0]?.html]);
};

test("a customer of a pool says where it lies, whose it was and why, and what may still be claimed", async () => {
  const { container } = await open();
  expect(screen.getByText("In “East”")).toBeTruthy();
  const banner = within(screen.getByRole("region", { name: "Customer pool" }));
  expect(banner.getByText("Nobody owns this customer: it lies in “East”.")).toBeTruthy();
  expect(banner.getByText(/before: Bo · reason: No need at present$/)).toBeTruthy();
  expect(await banner.findByText("3 more for you today")).toBeTruthy();
  expect(await violationsIn(container)).toEqual([]);
});

test("a rule that sent it there is told in words", async () => {
  stored = pooled("c-1", { pool_rule: "no_activity", pool_reason: null, previous_owner: null });
  await open();
  expect(screen.getByText(/^since .* · reason: No follow-up$/)).toBeTruthy();
});

test("claiming makes it one's own at once, with a key of its own", async () => {
  await claim();
  expect(await screen.findByText("“云栖餐饮” is yours now")).toBeTruthy();
  expect(await screen.findByText("owned by Amy Liu")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Customer pool" })).toBeNull();
  expect(sent).toHaveLength(1);
  expect(sent[0]?.path).toBe("/claim");
  expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  [
    { code: "already_owned", owner: { id: "u-cai", name: "Cai" } },
    "Cai was faster and has it now.",
  ],
  [{ code: "already_owned", owner: null }, "Somebody else was faster and has it now."],
  [{ code: "already_owned", owner: { id: "u-amy", name: "Amy Liu" } }, "You have it already."],
  [
    { code: "claim_refused", reason: "owned_cap", limit: 50, until: null },
    "You own 50 customers, as many as you may. Release one first.",
  ],
  [
    { code: "claim_refused", reason: "daily_limit", limit: 5, until: "2026-11-27T16:00:00Z" },
    /^You may claim 5 customers a day\. You can go on from Nov 2[78], 2026/,
  ],
  [
    { code: "claim_refused", reason: "daily_limit", limit: 1, until: null },
    "You have claimed 1 customer today, and may not claim more.",
  ],
  [
    { code: "claim_refused", reason: "cooldown", limit: 7, until: "2026-12-03T08:00:00Z" },
    /^It was yours not long ago\. You can claim it again from Dec 3, 2026/,
  ],
  [{ code: "forbidden", detail: "Your role does not allow it" }, "Your role does not allow it"],
])("a refusal is told in words: %j", async (body, words) => {
  refuse(body);
  await claim();
  expect((await screen.findAllByText("“云栖餐饮” was not claimed")).length).toBeGreaterThan(0);
  expect((await screen.findAllByText(words)).length).toBeGreaterThan(0);
});

test("who was slower sees whose it is now", async () => {
  refuse({ code: "already_owned", owner: { id: "u-cai", name: "Cai" } });
  await open();
  stored = customer("c-1", { owner_id: "u-cai", owner: { id: "u-cai", name: "Cai" } });
  screen.getByRole("button", { name: "Claim" }).click();
  expect(await screen.findByText("owned by Cai")).toBeTruthy();
});

test("who may not see it any more is not left with what it was", async () => {
  refuse({ code: "already_owned", owner: null });
  const { user } = await open();
  server.use(
    http.get("*/api/v1/customers/c-1", () =>
      HttpResponse.json({ code: "not_found", title: "Not here" }, { status: 404 }),
    ),
  );
  await user.click(screen.getByRole("button", { name: "Claim" }));
  await waitFor(() => expect(screen.queryByText("nobody's")).toBeNull());
});

test("a customer that is to be released warns its owner and says what keeps it", async () => {
  stored = customer("c-1", {
    release_at: inDays(2),
    release_rule: "no_activity",
    release_soon: true,
  });
  const { container } = await open();
  expect(screen.getByText("Released in 2 days")).toBeTruthy();
  const banner = screen.getByRole("region", { name: "Released soon" });
  expect(banner.textContent).toMatch(/^This customer goes back to the pool on .* \(In 2 days\)/i);
  expect(banner.textContent).toContain("a follow-up keeps it");
  expect(await violationsIn(container)).toEqual([]);
});

test("one that is due today says so, one far from it says nothing, one that is kept says until when", async () => {
  stored = customer("c-1", { release_at: inDays(-1), release_rule: "not_won", release_soon: true });
  const view = await open();
  expect(screen.getByText("Released today")).toBeTruthy();
  view.unmount();
  stored = customer("c-1", { release_at: inDays(40), release_rule: "not_won" });
  const calm = await open();
  expect(screen.queryByText(/Released/)).toBeNull();
  calm.unmount();
  stored = customer("c-1", { locked_until: inDays(40) });
  await open();
  expect(screen.getByText(/^Kept until /)).toBeTruthy();
});

test("who may not claim is offered nothing", async () => {
  stored = pooled("c-1", { can: { edit: false, delete: false, assign: false } });
  await open();
  expect(screen.queryByRole("button")).toBeNull();
});

test("the limits above the pool count down, and say when they are reached", async () => {
  render(<ClaimLimits />);
  const line = await screen.findByRole("listitem");
  expect(line.textContent).toBe(
    "East1,284 customers· 3 more for you today· you own 42 of at most 50· what was yours can be claimed again after 7 days",
  );
  mine = [myPool({ claimed_today: 5, owned_cap: null, cooldown_days: 0 })];
  await changeLanguage("zh-CN");
  render(<ClaimLimits />);
  expect(await screen.findByText("· 今天的领取次数已用完")).toBeTruthy();
});

async function ask(question: PoolQuestion, about = stored) {
  let closed = false;
  const view = render(
    <PoolDialog
      asked={{ question, customer: about }}
      onClose={() => {
        closed = true;
      }}
    />,
  );
  const element = await screen.findByRole("dialog");
  return { ...view, element, dialog: within(element), isClosed: () => closed };
}

test("releasing asks for a reason, one of the usual ones or another", async () => {
  const { user, dialog, element, isClosed } = await ask("release", customer("c-1"));
  const send = dialog.getByRole("button", { name: "Release" });
  expect(send).toHaveProperty("disabled", true);
  await user.click(dialog.getByRole("button", { name: "Cannot be reached" }));
  const reason = dialog.getByRole("textbox", { name: /^Reason/ });
  expect(reason).toHaveProperty("value", "Cannot be reached");
  expect(dialog.queryByRole("combobox")).toBeNull();
  expect(await violationsIn(element)).toEqual([]);
  await user.type(reason, ", three times");
  await user.click(send);
  expect(await screen.findByText("“云栖餐饮” lies in the pool now")).toBeTruthy();
  expect(sent).toMatchObject([
    { path: "/release", body: { reason: "Cannot be reached, three times" } },
  ]);
  expect(isClosed()).toBe(true);
});

test("where there are several pools, one of those in use may be named", async () => {
  pools = [pool("East"), pool("North"), pool("Old", { is_active: false })];
  const { user, dialog } = await ask("release", customer("c-1"));
  await user.type(dialog.getByRole("textbox", { name: /^Reason/ }), "moved");
  await user.click(await dialog.findByRole("combobox", { name: "Pool" }));
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
    "The pool of its owner",
    "East",
    "North",
  ]);
  await user.click(screen.getByRole("option", { name: "North" }));
  await user.click(dialog.getByRole("button", { name: "Release" }));
  await waitFor(() => expect(sent[0]?.body).toEqual({ reason: "moved", pool_id: "North" }));
});

test("allotting names a person; what that person may own is said beside them", async () => {
  refuse({ code: "claim_refused", reason: "owned_cap", limit: 50, until: null });
  const { user, dialog, isClosed } = await ask("allot");
  await user.click(dialog.getByRole("combobox", { name: /^Owner/ }));
  await user.click(await screen.findByRole("option", { name: /Cai/ }));
  await user.click(dialog.getByRole("button", { name: "Allot" }));
  expect(await dialog.findByText("Cai owns 50 customers, as many as allowed.")).toBeTruthy();
  expect(isClosed()).toBe(false);
  refused = null;
  await user.click(dialog.getByRole("button", { name: "Allot" }));
  expect(await screen.findByText("“云栖餐饮” now belongs to Cai")).toBeTruthy();
  expect(sent.map(({ body }) => body)).toEqual([{ owner_id: "u-cai" }, { owner_id: "u-cai" }]);
  expect(isClosed()).toBe(true);
});

test("a customer is kept to the end of a day, and no longer when that is wished", async () => {
  const { user, dialog, unmount } = await ask("lock", customer("c-1"));
  await user.click(dialog.getByRole("button", { name: "Keep" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  const { until } = (sent[0]?.body ?? {}) as { until?: string };
  expect(Math.round((Date.parse(until ?? "") - Date.now()) / DAY)).toBeGreaterThanOrEqual(90);
  unmount();
  const kept = await ask("lock", customer("c-1", { locked_until: inDays(10) }));
  await kept.user.click(kept.dialog.getByRole("button", { name: "No longer keep" }));
  await waitFor(() => expect(sent[1]?.body).toEqual({ until: null }));
});
