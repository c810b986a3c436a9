import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { LeadScore } from "@/api/scoring";
import type { Lead } from "@/api/types";
import { render } from "@/test/render";
import { lead, me } from "@/test/samples";
import { WhyScore } from "./WhyScore";

const server = setupServer();
let answer: LeadScore;
let sent: { body: unknown; version: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const reason = (
  name: string,
  points: number,
  values: Partial<LeadScore["reasons"][number]> = {},
) => ({
  rule: { id: name, name },
  kind: "property",
  points,
  times: 1,
  latest_at: null,
  fades_at: null,
  ...values,
});

const score = (values: Partial<LeadScore> = {}): LeadScore => ({
  score: 45,
  rating: "warm",
  rating_by: "rules",
  as_of: "2026-11-26T08:00:00Z",
  warm_from: 30,
  hot_from: 60,
  next_change_at: "2026-12-01T08:00:00Z",
  reasons: [
    reason("Many people", 40),
    reason("Calls us", 15, {
      kind: "behaviour",
      times: 2,
      latest_at: new Date().toISOString(),
      fades_at: "2026-12-01T08:00:00Z",
    }),
    reason("Far away", -10),
  ],
  not_matched: [
    { rule: { id: "r-4", name: "From a fair" }, kind: "property", points_possible: 20 },
    { rule: { id: "r-5", name: "Wrong number" }, kind: "behaviour", points_possible: -5 },
  ],
  ...values,
});

beforeEach(() => {
  answer = score();
  sent = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/leads/l-1/score", () => HttpResponse.json(answer)),
    http.patch("*/api/v1/leads/l-1", async ({ request }) => {
      sent.push({ body: await request.json(), version: request.headers.get("if-match") });
      return HttpResponse.json(lead("l-1", { version: 2 }));
    }),
  );
});

async function ask(values: Partial<Lead> = {}) {
  const view = render(
    <main>
      <WhyScore lead={lead("l-1", { rating_by: "rules", score: 45, ...values })} />
    </main>,
  );
  const name = "Why this score?";
  await view.user.click(await screen.findByRole("button", { name }));
  return { ...view, layer: within(await screen.findByRole("dialog", { name })) };
}

test("each rule has its points, they add up, and it is said when some fade", async () => {
  const { layer, baseElement } = await ask();
  const table = await layer.findByRole("table", { name: "What the score is made of" });
  const rows = within(table).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual([
    "Many people+40",
    "Calls us2 times, last: Today · halved on Dec 1, 2026+15",
    "Far away−10",
    "Score45",
  ]);
  expect(layer.getByText("The rules rate it Warm: hot from 60 points, warm from 30.")).toBeTruthy();
  expect(layer.getByText(/^The next points fade on Dec 1, 2026/)).toBeTruthy();
  const { violations } = await axe.run(baseElement, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("rules that give nothing are told with what they could give", async () => {
  const { layer, user } = await ask();
  await user.click(await layer.findByText("2 rules give it none"));
  expect(layer.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "From a fair+20 possible",
    "Wrong number−5 possible",
  ]);
});

test("it is rated by hand with the version seen, and then says what the rules would", async () => {
  const { layer, user } = await ask();
  await user.click(await layer.findByRole("button", { name: "Hot" }));
  await waitFor(() => expect(sent).toEqual([{ body: { rating: "hot" }, version: '"1"' }]));
});

test("what a person has said is told as such, and given back to the rules", async () => {
  answer = score({ rating: "hot", rating_by: "person" });
  const { layer, user } = await ask({ rating: "hot", rating_by: "person" });
  expect(
    await layer.findByText(/^Somebody has rated it Hot by hand. By its points it would be Warm/),
  ).toBeTruthy();
  expect(layer.getByRole("button", { name: "Hot" }).getAttribute("aria-pressed")).toBe("true");
  await user.click(layer.getByRole("button", { name: "By the rules" }));
  await waitFor(() => expect(sent).toEqual([{ body: { rating: null }, version: '"1"' }]));
});

test("without rules there is only what a person says", async () => {
  answer = score({ score: 0, rating: null, rating_by: null, reasons: [], not_matched: [] });
  const { layer } = await ask({ rating: null, rating_by: null, score: 0 });
  expect(await layer.findByText("It has no rating.")).toBeTruthy();
  expect(layer.getByText(/^No rule is active/)).toBeTruthy();
  expect(layer.getByRole("button", { name: "Not rated" }).getAttribute("aria-pressed")).toBe(
    "true",
  );
});

test("a converted lead keeps its score, which nobody rates any more", async () => {
  answer = score({ reasons: [], not_matched: [], next_change_at: null });
  const { layer } = await ask({ status_category: "converted" });
  expect(await layer.findByText(/^The score of 45 has stayed as it was/)).toBeTruthy();
  expect(layer.queryByRole("button", { name: "Hot" })).toBeNull();
});

test("whoever may not edit the lead may read the reasons, and no more", async () => {
  const { layer } = await ask({ can: { edit: false, delete: false, assign: false } });
  expect(await layer.findByText("Many people")).toBeTruthy();
  expect(layer.queryByRole("button", { name: "Hot" })).toBeNull();
});
