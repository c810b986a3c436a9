import { createEvent, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Activity, Me } from "@/api/types";
import { setFormatZone } from "@/lib/format";
import { renderRouted } from "@/test/routed";
import { activity, me } from "@/test/samples";
import { type CalendarAddress, CalendarPage } from "./CalendarPage";

// Nothing scrolls without a layout, and the package says so.
vi.mock("@atlaskit/pragmatic-drag-and-drop-auto-scroll/element", () => ({
  autoScrollForElements: () => () => undefined,
}));
const isPhone = vi.hoisted(() => ({ value: false }));
vi.mock("@/lib/media", () => ({ usePhone: () => isPhone.value, useMediaQuery: () => false }));

const server = setupServer();
let user: Me;
let rows: Activity[];
let asked: URLSearchParams[];
let patches: unknown[];
let posted: Record<string, unknown>[];
let seen: CalendarAddress;

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  setFormatZone("Asia/Shanghai");
  vi.useFakeTimers({ now: new Date("2026-11-26T02:00:00Z"), toFake: ["Date"] });
});
afterEach(() => server.resetHandlers());
afterAll(() => {
  server.close();
  vi.useRealTimers();
  setFormatZone(undefined);
});
beforeEach(() => {
  isPhone.value = false;
  user = me({ team_id: "t-1" });
  asked = [];
  patches = [];
  posted = [];
  const about: Activity["about"] = [];
  rows = [
    activity("offer", { name: "Send the offer", due_at: "2026-11-26T06:30:00Z" }),
    activity("read", { name: "Read the contract", due_at: "2026-11-27T10:00:00Z", about }),
    activity("call", {
      name: "Agreed",
      kind: "call",
      status: "done",
      happened_at: "2026-11-25T01:00:00Z",
      duration_minutes: 30,
    }),
  ];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(user)),
    http.get("*/api/v1/activities", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const isNoted = query.get("filter")?.includes("IS NULL");
      const data = rows.filter(({ due_at }) => (due_at === null) === Boolean(isNoted));
      return HttpResponse.json({ data, page: { has_more: false } });
    }),
    http.post("*/api/v1/activities", async ({ request }) => {
      posted.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json(activity("new"), { status: 201 });
    }),
    http.patch("*/api/v1/activities/:id", async ({ request, params }) => {
      const body = (await request.json()) as Partial<Activity>;
      patches.push({ id: params.id, body });
      rows = rows.map((row) => (row.id === params.id ? { ...row, ...body } : row));
      return HttpResponse.json(rows.find((row) => row.id === params.id));
    }),
  );
});

function Stage({ start }: { start: Partial<CalendarAddress> }) {
  const [address, setAddress] = useState<CalendarAddress>({
    view: null,
    date: null,
    whose: "me",
    ...start,
  });
  seen = address;
  return (
    <CalendarPage
      address={address}
      usual={[]}
      onAddress={(changes) => setAddress((old) => ({ ...old, ...changes }))}
    />
  );
}

async function open(start: Partial<CalendarAddress> = {}) {
  const view = await renderRouted(<Stage start={start} />);
  await screen.findAllByText("Send the offer");
  return view;
}

const day = (name: string) => within(screen.getByRole("list", { name }));

async function violations(container: Element) {
  const found = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
}

test("a week shows what is planned and what was done on its days, by the hour", async () => {
  const { container } = await open();
  expect(screen.getByText("Nov 23 – 29, 2026", { normalizer: plain })).toBeTruthy();
  const link = day("Thursday, November 26").getByRole("link", {
    name: /02:30\sPM.*Send the offer/,
  });
  expect(link.getAttribute("href")).toBe("/leads/l-1");
  expect(link.closest("li")?.style.top).toBe("754px");
  await waitFor(() =>
    expect(day("Wednesday, November 25").getByRole("link", { name: /Agreed/ })).toBeTruthy(),
  );
  expect(asked.map((query) => query.get("filter"))).toEqual([
    'owner_id = @me AND status != "cancelled" AND due_at >= 2026-11-22T16:00:00.000Z AND due_at < 2026-11-29T16:00:00.000Z',
    'owner_id = @me AND status = "done" AND due_at IS NULL AND happened_at >= 2026-11-22T16:00:00.000Z AND happened_at < 2026-11-29T16:00:00.000Z',
  ]);
  const today = screen.getByRole("button", { name: "Thursday, November 26, 1 entry" });
  expect(today.getAttribute("aria-current")).toBe("date");
  expect(await violations(container)).toEqual([]);
});

const plain = (text: string) => text.replace(/\s+/g, " ");

test("by keyboard: to another day, another view, and into a day", async () => {
  const { user: hand, container } = await open({ view: "month" });
  const focused = () => document.activeElement?.getAttribute("data-day");
  await hand.keyboard("{ArrowRight}");
  await waitFor(() => expect(focused()).toBe("2026-11-27"));
  await hand.keyboard("{ArrowDown}");
  await waitFor(() => expect(focused()).toBe("2026-12-04"));
  expect(screen.getByText("December 2026")).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await hand.keyboard("{Enter}");
  expect(seen).toMatchObject({ view: "day", date: "2026-12-04" });
  await hand.keyboard("w");
  expect(seen.view).toBe("week");
  await hand.keyboard("m");
  expect(seen.view).toBe("month");
  await hand.click(screen.getByRole("button", { name: "Previous" }));
  expect(seen.date).toBe("2026-11-04");
  await hand.click(screen.getByRole("button", { name: "Today" }));
  expect(seen.date).toBe("2026-11-26");
});

test("an empty place takes a new task at its day and time", async () => {
  const { user: hand } = await open();
  const slots = screen.getByRole("list", { name: "Friday, November 27" });
  fireEvent.click(slots, { clientY: 9 * 52 + 30 });
  const form = within(await screen.findByRole("dialog", { name: "New task" }));
  await hand.type(form.getByRole("textbox", { name: /^What is to be done/ }), "Visit");
  await hand.click(form.getByRole("button", { name: /^Plan/ }));
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toMatchObject({ name: "Visit", due_at: "2026-11-27T01:30:00.000Z" });
});

/** The events of dragging know no places here, so they are told. */
function fire(kind: "dragStart" | "dragEnter" | "dragOver" | "drop", at: Element, clientY: number) {
  const event = createEvent[kind](at, { dataTransfer: new DataTransfer() });
  Object.defineProperties(event, { clientX: { value: 5 }, clientY: { value: clientY } });
  fireEvent(at, event);
}

async function drag(name: RegExp, target: Element, clientY: number) {
  const item = screen.getByRole("link", { name }).closest("li");
  if (!item) throw new Error(String(name));
  fire("dragStart", item, 0);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  fire("dragEnter", target, clientY);
  fire("dragOver", target, clientY);
  fire("drop", target, clientY);
}

test("what is planned is dragged to another day and hour, and taken back", async () => {
  const { user: hand } = await open();
  await drag(/Send the offer/, screen.getByRole("list", { name: "Friday, November 27" }), 520);
  await waitFor(() => expect(patches).toHaveLength(1));
  expect(patches[0]).toEqual({ id: "offer", body: { due_at: "2026-11-27T02:00:00.000Z" } });
  await waitFor(() =>
    expect(day("Friday, November 27").getByRole("link", { name: /10:00\sAM/ })).toBeTruthy(),
  );
  await hand.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(patches).toHaveLength(2));
  expect(patches[1]).toEqual({ id: "offer", body: { due_at: "2026-11-26T06:30:00Z" } });
});

test("in the month it keeps its time; what has no record opens itself; a menu moves it too", async () => {
  const { user: hand } = await open({ view: "month" });
  const cell = screen.getByRole("button", { name: /^Monday, November 30/ }).parentElement;
  await drag(/Send the offer/, cell as Element, 5);
  await waitFor(() => expect(patches).toHaveLength(1));
  expect(patches[0]).toEqual({ id: "offer", body: { due_at: "2026-11-30T06:30:00.000Z" } });
  await hand.click(screen.getByRole("button", { name: "More about Read the contract" }));
  await hand.click(await screen.findByRole("menuitem", { name: "Next week" }));
  await waitFor(() => expect(patches).toHaveLength(2));
  expect(patches[1]).toEqual({ id: "read", body: { due_at: "2026-11-30T10:00:00.000Z" } });
  await hand.click(await screen.findByRole("button", { name: /06:00\sPM.*Read the contract/ }));
  expect(await screen.findByRole("dialog", { name: "Edit Task" })).toBeTruthy();
});

test("a full day leads to all of it, and too much is said", async () => {
  rows = Array.from({ length: 6 }, (_, index) =>
    activity(`a-${index}`, { name: "Send the offer", due_at: "2026-11-26T06:30:00Z" }),
  );
  const first = await open({ view: "month" });
  await first.user.click(screen.getByRole("button", { name: "3 more on Thursday, November 26" }));
  expect(seen).toMatchObject({ view: "day", date: "2026-11-26" });
  first.unmount();
  let page = 0;
  server.use(
    http.get("*/api/v1/activities", () => {
      page += 1;
      const data = Array.from({ length: 500 }, (_, index) =>
        activity(`${page}-${index}`, { name: "Send the offer", due_at: "2026-11-20T06:30:00Z" }),
      );
      return HttpResponse.json({ data, page: { has_more: true, next_cursor: `c-${page}` } });
    }),
  );
  await open({ view: "month" });
  await screen.findByText("There are more: only the first 1,000 are shown.");
  expect(page).toBe(2);
});

test("who has no team sees their own; a failure is said in words", async () => {
  user = me();
  const first = await open({ whose: "team" });
  expect(asked.every((query) => query.get("filter")?.startsWith("owner_id = @me"))).toBe(true);
  expect(screen.queryByRole("button", { name: "My team" })).toBeNull();
  first.unmount();
  server.use(
    http.get("*/api/v1/activities", () =>
      HttpResponse.json({ title: "Busy", request_id: "req-7" }, { status: 429 }),
    ),
  );
  await renderRouted(<Stage start={{}} />);
  expect((await screen.findByRole("alert")).textContent).toContain("req-7");
});

test("the team's calendar says whose each is", async () => {
  await open({ whose: "team" });
  expect(asked[0]?.get("filter")).toContain("team_id = @my_team");
  expect(screen.getByRole("link", { name: /Send the offer.*Amy Liu/ })).toBeTruthy();
});

test("on a phone the month has dots, with the list of the chosen day", async () => {
  isPhone.value = true;
  const { user: hand, container } = await open({ view: "month" });
  expect(screen.queryByRole("button", { name: "Week" })).toBeNull();
  expect(screen.getByRole("checkbox", { name: "Complete Send the offer" })).toBeTruthy();
  await hand.click(screen.getByRole("button", { name: "Friday, November 27, 1 entry" }));
  expect(seen.date).toBe("2026-11-27");
  const list = within(screen.getByRole("region", { name: "Friday, November 27" }));
  expect(list.getByText("Read the contract")).toBeTruthy();
  expect(list.getByText(/06:00\sPM/)).toBeTruthy();
  await hand.click(screen.getByRole("button", { name: "Saturday, November 28, 0 entries" }));
  expect(screen.getByText("Nothing on this day")).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});
