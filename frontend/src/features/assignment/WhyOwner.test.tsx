import { screen, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Assignment } from "@/api/assignment";
import type { Lead } from "@/api/types";
import { render } from "@/test/render";
import { lead, me } from "@/test/samples";
import { WhyOwner } from "./WhyOwner";

const server = setupServer();
let answer: { data: Assignment | null; earlier: number };

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const assignment = (values: Partial<Assignment> = {}): Assignment => ({
  assigned_at: "2026-11-20T08:00:00Z",
  rule: { id: "r-2", name: "East", version: 3 },
  owner: { id: "u-amy", name: "Amy Liu" },
  trace: [
    {
      rule_id: "r-1",
      rule_name: "Key accounts",
      result: "not_matched",
      passed_over: [],
      passed_over_count: 0,
    },
    {
      rule_id: "r-3",
      rule_name: "Night",
      result: "nobody_available",
      passed_over: [
        { user_id: "u-bo", name: "Bo", reason: "day_off" },
        { user_id: "u-cai", name: "Cai", reason: "max_open" },
      ],
      passed_over_count: 9,
    },
    {
      rule_id: "r-2",
      rule_name: "East",
      result: "assigned",
      passed_over: [{ user_id: "u-dan", name: "Dan", reason: "inactive" }],
      passed_over_count: 1,
    },
  ],
  ...values,
});

beforeEach(() => {
  answer = { data: assignment(), earlier: 2 };
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/leads/l-1/assignment", () => HttpResponse.json(answer)),
  );
});

async function ask(values: Partial<Lead> = {}, name = "Why me?") {
  const view = render(
    <main>
      <WhyOwner lead={lead("l-1", values)} />
    </main>,
  );
  await view.user.click(await screen.findByRole("button", { name }));
  return { ...view, layer: within(await screen.findByRole("dialog", { name })) };
}

test("the owner is told which rule chose them, when, and what became of the rules before", async () => {
  const { layer, baseElement } = await ask();
  expect(await layer.findByText(/^The rule “East” chose Amy Liu on Nov 20, 2026/)).toBeTruthy();
  const steps = layer.getByRole("list", { name: "The rules in the order they were asked" });
  const texts = [...steps.children].map((step) => step.textContent);
  expect(texts).toEqual([
    "Key accounts did not fit",
    "Night fitted, but had nobodyBo: not a working dayCai: has enough open leadsand 7 more",
    "East chose the ownerDan: inactive",
  ]);
  expect(layer.getByText("The rules had assigned this lead 2 times before.")).toBeTruthy();
  const { violations } = await axe.run(baseElement, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("somebody else's lead asks about them; one handed over since says so", async () => {
  const { layer } = await ask({ owner_id: "u-bo" }, "Why this owner?");
  expect(await layer.findByText("The owner has been changed since.")).toBeTruthy();
});

test("a rule that is gone keeps its name", async () => {
  answer.data = assignment({ rule: { id: null, name: "Old", version: 1 } });
  const { layer } = await ask();
  expect(await layer.findByText(/^The rule “Old” chose/)).toBeTruthy();
  expect(layer.getByText("That rule has been removed since.")).toBeTruthy();
});

test("a lead nobody has says that the rules chose nobody", async () => {
  answer = { data: assignment({ rule: null, owner: null }), earlier: 0 };
  const { layer } = await ask({ owner_id: null, owner: null }, "Why no owner?");
  expect(await layer.findByText(/none of them chose anybody/)).toBeTruthy();
  expect(layer.queryByText(/before\./)).toBeNull();
  expect(layer.queryByText(/changed since/)).toBeNull();
});

test("an owner who stayed when no rule fired is not said to have come since", async () => {
  answer = { data: assignment({ rule: null, owner: null }), earlier: 0 };
  const { layer } = await ask();
  expect(await layer.findByText("The present owner was not their choice.")).toBeTruthy();
  expect(layer.queryByText(/changed since/)).toBeNull();
});

test("an owner no rule has chosen is told so", async () => {
  answer = { data: null, earlier: 0 };
  const { layer } = await ask();
  expect(await layer.findByText(/^No rule has chosen here/)).toBeTruthy();
});

test("reasons that cannot be read are asked for again", async () => {
  server.use(
    http.get(
      "*/api/v1/leads/l-1/assignment",
      () => HttpResponse.json({ code: "internal", title: "It broke" }, { status: 500 }),
      { once: true },
    ),
  );
  const { layer, user } = await ask();
  expect((await layer.findByRole("alert")).textContent).toContain("It broke");
  await user.click(layer.getByRole("button", { name: "Try again" }));
  expect(await layer.findByText(/^The rule “East”/)).toBeTruthy();
});
