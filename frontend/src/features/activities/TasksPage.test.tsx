import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Activity, Lead, Me, Opportunity } from "@/api/types";
import { daysFromToday } from "@/lib/format";
import { renderRouted } from "@/test/routed";
import { activity, me, opportunity } from "@/test/samples";
import type { Whose } from "./sections";
import { TasksPage } from "./TasksPage";
import { TodayTasks } from "./TodayTasks";

const server = setupServer();
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

let tasks: Activity[];
let stepless: { opportunities: Opportunity[]; leads: Lead[] };
let user: Me;
let asked: string[];
let patches: { id: string; match: string | null; body: Partial<Activity> }[];
let posted: Record<string, unknown>[];

const page = (data: unknown[]) => ({ data, page: {}, meta: { total: data.length } });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  patches = [];
  posted = [];
  user = me({ team_id: "t-1" });
  tasks = [
    activity("late", { name: "Send the offer", due_at: inDays(-2), priority: "high" }),
    activity("today", { name: "Call back", kind: "call", due_at: inDays(0) }),
    activity("later", { name: "Visit", due_at: inDays(5), about: [] }),
    activity("some", { name: "Read the contract", due_at: null }),
  ];
  stepless = { opportunities: [opportunity("o-1", "s-new")], leads: [] };
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(user)),
    http.get("*/api/v1/activities", ({ request }) => {
      const filter = new URL(request.url).searchParams.get("filter") ?? "";
      asked.push(filter);
      const open = tasks.filter(({ status }) => status === "open");
      if (filter.includes("IS NULL")) return HttpResponse.json(page(open.filter((t) => !t.due_at)));
      const until = filter.includes("+1d") ? 0 : 14;
      const isNear = ({ due_at }: Activity) => due_at !== null && daysFromToday(due_at) <= until;
      return HttpResponse.json(page(open.filter(isNear)));
    }),
    http.get("*/api/v1/opportunities", () => HttpResponse.json(page(stepless.opportunities))),
    http.get("*/api/v1/leads", () => HttpResponse.json(page(stepless.leads))),
    http.post("*/api/v1/activities", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      posted.push(body);
      tasks = [...tasks, activity("new", { name: String(body.name), due_at: inDays(0) })];
      return HttpResponse.json(tasks.at(-1), { status: 201 });
    }),
    http.patch("*/api/v1/activities/:id", async ({ request, params }) => {
      const body = (await request.json()) as Partial<Activity>;
      const id = String(params.id);
      patches.push({ id, match: request.headers.get("if-match"), body });
      tasks = tasks.map((row) =>
        row.id === id ? { ...row, ...body, version: row.version + 1 } : row,
      );
      return HttpResponse.json(tasks.find((row) => row.id === id));
    }),
  );
});

async function open(whose: Whose = "me") {
  const onWhose = vi.fn();
  const view = await renderRouted(<TasksPage whose={whose} onWhose={onWhose} />);
  await screen.findByText("Send the offer");
  return { ...view, onWhose };
}

const section = (name: RegExp) => within(screen.getByRole("region", { name }));

test("the day stands in sections, from what is late to what nobody has planned", async () => {
  await open();
  const titles = screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent);
  expect(titles).toEqual([
    "Overdue 1",
    "Today 1",
    "Next 14 days 1",
    "No date 1",
    "Without a next step 1",
  ]);
  expect(section(/^Overdue/).getByText("2 days overdue")).toBeTruthy();
  expect(section(/^Overdue/).getByRole("img", { name: "High priority" })).toBeTruthy();
  const link = section(/^Overdue/).getByRole("link", { name: "王小明" });
  expect(link.getAttribute("href")).toBe("/leads/l-1");
  expect(
    section(/^Without/)
      .getByRole("link")
      .getAttribute("href"),
  ).toBe("/opportunities/o-1");
  expect(asked).toContain('owner_id = @me AND status = "open" AND due_at < @today+15d');
});

test("a task is checked off and taken back", async () => {
  const { user: hand } = await open();
  await hand.click(screen.getByRole("checkbox", { name: "Complete Send the offer" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: /^Overdue/ })).toBeNull());
  await screen.findByText("“Send the offer” is done");
  expect(patches[0]).toMatchObject({ id: "late", match: '"1"', body: { status: "done" } });
  await hand.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByRole("region", { name: /^Overdue/ });
  expect(patches[1]).toMatchObject({ id: "late", match: '"2"', body: { status: "open" } });
});

test("a refused change is taken back on the page and explained", async () => {
  server.use(
    http.patch("*/api/v1/activities/:id", () =>
      HttpResponse.json({ code: "version_conflict", title: "Changed meanwhile" }, { status: 412 }),
    ),
  );
  const { user: hand } = await open();
  await hand.click(screen.getByRole("checkbox", { name: "Complete Send the offer" }));
  await screen.findAllByText("Changed meanwhile");
  const box = screen.getByRole("checkbox", { name: "Complete Send the offer" });
  expect(box.getAttribute("aria-checked")).toBe("false");
});

test("a task is put off to tomorrow, at the time it was to be", async () => {
  const { user: hand } = await open();
  const due = tasks[0]?.due_at ?? "";
  await hand.click(screen.getByRole("button", { name: "More about Send the offer" }));
  await hand.click(await screen.findByRole("menuitem", { name: "Tomorrow" }));
  await screen.findByText(/“Send the offer” is due on/);
  const moved = patches[0]?.body.due_at ?? "";
  expect(daysFromToday(moved)).toBe(1);
  expect(moved.slice(11, 16)).toBe(due.slice(11, 16));
  await hand.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(patches[1]?.body).toEqual({ due_at: due }));
});

test("the reminder of a task that is put off moves along", async () => {
  const due = String(tasks[0]?.due_at);
  const before = (instant: string) => new Date(Date.parse(instant) - 600_000).toISOString();
  tasks = tasks.map((task, place) => (place === 0 ? { ...task, reminder_at: before(due) } : task));
  const { user } = await open();
  expect(screen.getByRole("img", { name: "Reminder" }).parentElement?.textContent).toBe(
    "10 minutes before",
  );
  await user.click(await screen.findByRole("button", { name: "More about Send the offer" }));
  await user.click(await screen.findByRole("menuitem", { name: "Tomorrow" }));
  await waitFor(() => expect(patches).toHaveLength(1));
  expect(patches[0]?.body.reminder_at).toBe(before(String(patches[0]?.body.due_at)));
  await user.click((await screen.findAllByRole("button", { name: "Undo" }))[0] as HTMLElement);
  await waitFor(() => expect(patches[1]?.body).toEqual({ due_at: due, reminder_at: before(due) }));
});

test("a task that comes again says so, and when it was done when it is next due", async () => {
  const repeat = { every: "week" as const, interval: 2, until: null };
  tasks = tasks.map((task) => (task.id === "late" ? { ...task, repeat, next_id: "n-1" } : task));
  const next = activity("n-1", { due_at: "2027-01-08T10:00:00Z" });
  server.use(http.get("*/api/v1/activities/n-1", () => HttpResponse.json(next)));
  const { user: hand } = await open();
  expect(section(/^Overdue/).getByText("Every 2 weeks")).toBeTruthy();
  await hand.click(screen.getByRole("checkbox", { name: "Complete Send the offer" }));
  await screen.findByText("“Send the offer” is done, next on Jan 8, 2027");
  await hand.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(patches[1]?.body).toEqual({ status: "open" }));
});

test("what is called off is gone, until that is taken back", async () => {
  const { user: hand } = await open();
  await hand.click(screen.getByRole("button", { name: "More about Send the offer" }));
  await hand.click(await screen.findByRole("menuitem", { name: "Call off" }));
  await screen.findByText("“Send the offer” is called off");
  expect(patches[0]?.body).toEqual({ status: "cancelled" });
  await waitFor(() => expect(screen.queryByRole("region", { name: /^Overdue/ })).toBeNull());
  await hand.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Send the offer")).toBeTruthy();
});

test("a line writes down a task for today", async () => {
  const { user: hand } = await open();
  const line = screen.getByRole("textbox", { name: "New task" });
  await hand.type(line, "Buy stamps{Enter}");
  await screen.findByText("Buy stamps");
  expect(posted[0]).toMatchObject({ kind: "task", name: "Buy stamps", about: [] });
  expect(daysFromToday(String(posted[0]?.due_at))).toBe(0);
  expect(line).toHaveProperty("value", "");
});

test("J and K go from row to row, X checks off, Enter opens the record", async () => {
  const { user: hand, path } = await open();
  const focused = () => document.activeElement?.getAttribute("aria-label");
  await hand.keyboard("j");
  expect(focused()).toBe("Complete Send the offer");
  await hand.keyboard("j");
  expect(focused()).toBe("Complete Call back");
  await hand.keyboard("k");
  await hand.keyboard("x");
  await waitFor(() => expect(patches[0]).toMatchObject({ id: "late", body: { status: "done" } }));
  expect(focused()).toBe("Complete Call back");
  await hand.keyboard("{Enter}");
  await waitFor(() => expect(path()).toBe("/leads/l-1"));
});

test("the tasks of the team are there for who may see them", async () => {
  const { user: hand, onWhose, unmount } = await open();
  await hand.click(screen.getByRole("button", { name: "My team" }));
  expect(onWhose).toHaveBeenCalledWith("team");
  unmount();
  await open("team");
  expect(asked.at(-1)).toContain("team_id = @my_team");
  expect(screen.getAllByText("Amy Liu").length).toBeGreaterThan(0);
});

test("who has no team sees their own", async () => {
  user = me();
  await open("team");
  expect(asked.every((filter) => filter.includes("owner_id = @me"))).toBe(true);
  expect(screen.queryByRole("button", { name: "My team" })).toBeNull();
});

test("an empty day and a failure are said in words", async () => {
  tasks = [];
  const first = await renderRouted(<TasksPage whose="me" onWhose={vi.fn()} />);
  await screen.findByText("Nothing left to do");
  first.unmount();
  server.use(
    http.get("*/api/v1/activities", () =>
      HttpResponse.json({ title: "Busy", request_id: "req-7" }, { status: 429 }),
    ),
  );
  await renderRouted(<TasksPage whose="me" onWhose={vi.fn()} />);
  expect((await screen.findByRole("alert")).textContent).toContain("req-7");
});

test("the home page shows what is late and what is due today, to be checked off there", async () => {
  const { user: hand } = await renderRouted(<TodayTasks />);
  await screen.findByText("Send the offer");
  expect(screen.queryByText("Visit")).toBeNull();
  await hand.click(screen.getByRole("checkbox", { name: "Complete Call back" }));
  await waitFor(() => expect(screen.queryByText("Call back")).toBeNull());
  await hand.click(screen.getByRole("checkbox", { name: "Complete Send the offer" }));
  await screen.findByText("Nothing is due today.");
});

test("the page has no accessibility violations", async () => {
  const { container } = await open("team");
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});
