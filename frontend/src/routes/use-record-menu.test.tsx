import { useQuery } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Assignment } from "@/api/assignment";
import { recordQuery } from "@/api/records";
import type { Lead } from "@/api/types";
import { render } from "@/test/render";
import { lead } from "@/test/samples";
import { Menu } from "@/ui/Menu";
import { useRecordMenu } from "./use-record-menu";

const server = setupServer();
let stored: Lead;
let sent: { version: string | null; key: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const assignment = (values: Partial<Assignment> = {}): Assignment => ({
  assigned_at: "2026-11-20T08:00:00Z",
  rule: { id: "r-2", name: "East", version: 3 },
  owner: { id: "u-bo", name: "Bo" },
  trace: [],
  ...values,
});

beforeEach(() => {
  stored = lead("l-1");
  sent = [];
  server.use(
    http.get("*/api/v1/leads/l-1", () => HttpResponse.json(stored)),
    http.post("*/api/v1/leads/l-1/assignment", ({ request }) => {
      sent.push({
        version: request.headers.get("if-match"),
        key: request.headers.get("idempotency-key"),
      });
      stored = lead("l-1", { version: 2, owner_id: "u-bo", owner: { id: "u-bo", name: "Bo" } });
      return HttpResponse.json(assignment());
    }),
  );
});

function Sample() {
  const record = useQuery(recordQuery("leads", "l-1")).data;
  const menuOf = useRecordMenu("leads");
  if (!record) return null;
  return (
    <>
      <p>{record.owner?.name}</p>
      <Menu trigger={<button type="button">More</button>} groups={[menuOf(record)]} />
    </>
  );
}

async function assign() {
  const view = render(<Sample />);
  await view.user.click(await screen.findByRole("button", { name: "More" }));
  await view.user.click(await screen.findByRole("menuitem", { name: "Assign by rule" }));
  return view;
}

test("the rules are let choose, and the new owner is there at once", async () => {
  await assign();
  expect(await screen.findByText("Bo was chosen by the rule “East”")).toBeTruthy();
  expect(await screen.findByText("Bo")).toBeTruthy();
  expect(sent[0]?.version).toBe('"1"');
  expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
});

test("when no rule fires the owner stays, and that is said", async () => {
  server.use(
    http.post("*/api/v1/leads/l-1/assignment", () =>
      HttpResponse.json(assignment({ rule: null, owner: null })),
    ),
  );
  await assign();
  expect(await screen.findByText("No rule chose anybody")).toBeTruthy();
  expect(screen.getByText("Amy Liu")).toBeTruthy();
});

test("a refusal is said, and the lead is read again", async () => {
  server.use(
    http.post("*/api/v1/leads/l-1/assignment", () => {
      stored = lead("l-1", { version: 2, owner: { id: "u-cai", name: "Cai" } });
      return HttpResponse.json(
        { code: "version_conflict", title: "Somebody was faster" },
        { status: 412 },
      );
    }),
  );
  await assign();
  expect((await screen.findAllByText("Somebody was faster")).length).toBeGreaterThan(0);
  await waitFor(() => expect(screen.getByText("Cai")).toBeTruthy());
});

test("only those who may assign are offered it, and not for what is converted", () => {
  const offers: number[] = [];
  function Probe() {
    const menuOf = useRecordMenu("leads");
    const can = lead("l-1").can;
    offers.push(
      menuOf(lead("l-1")).length,
      menuOf(lead("l-1", { can: { ...can, assign: false } })).length,
      menuOf(lead("l-1", { status_category: "converted" })).length,
    );
    return null;
  }
  render(<Probe />);
  expect(offers.slice(0, 3)).toEqual([1, 0, 0]);
});
