import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Activity, TimelineEntry } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import { renderRouted } from "@/test/routed";
import { activity, lead, me } from "@/test/samples";
import { RecordTimeline } from "./RecordTimeline";

const server = setupServer();
const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

let entries: TimelineEntry[];
let planned: Activity[];
let asked: URLSearchParams[];
let patches: { match: string | null; body: Partial<Activity> }[];

const done = (id: string, days: number, values: Partial<Activity> = {}): TimelineEntry => ({
  id: `t-${id}`,
  at: ago(days),
  type: "activity",
  activity: activity(id, { kind: "note", status: "done", happened_at: ago(days), ...values }),
  change: null,
  from: null,
});

const change: TimelineEntry = {
  id: "t-change",
  at: ago(1),
  type: "change",
  activity: null,
  change: {
    id: "h-1",
    action: "update",
    actor: { id: "u-amy", name: "Amy Liu" },
    at: ago(1),
    version: 2,
    via: "session",
    changes: [{ field: "company_name", old: "旧", new: "云栖餐饮" }],
  },
  from: null,
};

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  patches = [];
  planned = [activity("p-1", { name: "Send the offer", due_at: ago(3) })];
  entries = [
    done("a-1", 0, {
      kind: "call",
      outcome: "reached",
      direction: "outbound",
      duration_minutes: 10,
      name: "Agreed on",
      body: "Agreed on **Friday**",
    }),
    change,
    done("a-2", 2, { name: "Met at the fair", body: "Met at the fair" }),
  ];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/activities", () => HttpResponse.json({ data: planned, page: {} })),
    http.get("*/api/v1/leads/l-1/timeline", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const isLast = query.get("cursor") !== null;
      const data = isLast ? [done("a-3", 9, { name: "Long ago", body: "Long ago" })] : entries;
      return HttpResponse.json({ data, page: { has_more: !isLast, next_cursor: "c2" } });
    }),
    http.patch("*/api/v1/activities/:id", async ({ request, params }) => {
      const body = (await request.json()) as Partial<Activity>;
      patches.push({ match: request.headers.get("if-match"), body });
      const found = planned.find(({ id }) => id === params.id) ?? activity(String(params.id));
      const written = { ...found, ...body, version: found.version + 1 };
      planned = planned.map((row) => (row.id === written.id ? written : row));
      return HttpResponse.json(written);
    }),
  );
});

async function open() {
  const view = await renderRouted(
    <RecordTimeline descriptor={descriptors.leads} record={lead("l-1")} />,
  );
  const timeline = await screen.findByRole("region", { name: "Timeline" });
  await within(timeline).findByText("Met at the fair");
  return { ...view, timeline: within(timeline) };
}

test("what was done and what changed stands day by day, with who, when and what came of it", async () => {
  const { timeline } = await open();
  const headings = timeline.getAllByRole("heading", { level: 3 }).map((day) => day.textContent);
  expect(headings.slice(0, 2)).toEqual(["Today", "Yesterday"]);
  expect(headings).toHaveLength(3);
  const call = timeline.getByText("Reached").closest("li");
  expect(call?.textContent).toMatch(/Amy Liu.*Call.*10 minutes/);
  expect((await within(call as HTMLElement).findByText("Friday")).tagName).toBe("STRONG");
  const changed = timeline.getByText("旧").closest("ul")?.closest("li");
  expect(changed?.textContent).toContain("changed");
  expect(changed?.textContent).toContain("云栖餐饮");
});

test("HTML in a text stands as it was typed and runs nothing", async () => {
  const stolen = vi.fn();
  Object.assign(window, { stolen });
  const body =
    "<script>stolen()</script><img src=x onerror=stolen()>\n\n**bold** [go](javascript:stolen()) ![pic](https://x.test/a.png)\n# Big";
  entries = [done("a-1", 0, { name: "x", body })];
  const view = await renderRouted(
    <RecordTimeline descriptor={descriptors.leads} record={lead("l-1")} />,
  );
  const bold = await screen.findByText("bold");
  await waitFor(() => expect(bold.tagName).toBe("STRONG"));
  expect(view.container.querySelector("script, img, [onerror]")).toBeNull();
  expect(view.container.innerHTML).not.toContain('href="javascript');
  expect(view.container.textContent).toContain("<script>stolen()</script>");
  expect(screen.queryByRole("heading", { name: "Big" })).toBeNull();
  expect(stolen).not.toHaveBeenCalled();
});

test("older entries come by the cursor", async () => {
  const { user, timeline } = await open();
  await user.click(timeline.getByRole("button", { name: "Show older" }));
  await timeline.findByText("Long ago");
  expect(asked.at(-1)?.get("cursor")).toBe("c2");
  expect(timeline.queryByRole("button", { name: "Show older" })).toBeNull();
});

test("only activities, only changes, only some kinds", async () => {
  const { user, timeline } = await open();
  await user.click(timeline.getByRole("button", { name: "Changes" }));
  await waitFor(() => expect(asked.at(-1)?.get("only")).toBe("changes"));
  expect(timeline.queryByRole("button", { name: "All kinds" })).toBeNull();
  await user.click(timeline.getByRole("button", { name: "All" }));
  await user.click(timeline.getByRole("button", { name: "All kinds" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Call" }));
  await waitFor(() => expect(asked.at(-1)?.get("kind")).toBe("call"));
  expect(asked.at(-1)?.get("only")).toBe("activities");
});

test("what is planned stands first, late in words, and is checked off and taken back", async () => {
  const { user } = await open();
  const region = within(await screen.findByRole("region", { name: "Planned" }));
  expect(region.getByText("3 days overdue")).toBeTruthy();
  await user.click(region.getByRole("checkbox", { name: "Complete Send the offer" }));
  await screen.findByText("“Send the offer” is done");
  expect(patches[0]).toMatchObject({ match: '"1"', body: { status: "done" } });
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(patches[1]).toMatchObject({ match: '"2"', body: { status: "open" } }));
});

test("an activity is deleted at once and taken back", async () => {
  const restored = vi.fn();
  server.use(
    http.delete("*/api/v1/activities/a-2", () => {
      entries = entries.filter(({ activity: of }) => of?.id !== "a-2");
      return new HttpResponse(null, { status: 204 });
    }),
    http.post("*/api/v1/activities/a-2/restore", () => {
      restored();
      return HttpResponse.json(activity("a-2"));
    }),
  );
  const { user, timeline } = await open();
  await user.click(timeline.getByRole("button", { name: "More about Met at the fair" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  await waitFor(() => expect(timeline.queryByText("Met at the fair")).toBeNull());
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(restored).toHaveBeenCalledOnce());
});

test("who is mentioned stands there by present name; what only looks like a mention is text", async () => {
  const mentions = [
    { id: "u-amy", name: "Amy Liu" },
    { id: "u-bo", name: "Bo Chen" },
  ];
  const body =
    "Ask @[Amy L.](user:u-amy) or **@[Bo Chen](user:u-bo)**, not @[Nobody](user:u-x), [Bo](user:u-bo) " +
    "or [this](javascript:alert(1)), `@[Bo Chen](user:u-bo)`";
  entries = [done("a-1", 1, { name: "Met at the fair", body, mentions })];
  const { timeline } = await open();
  const amy = await timeline.findByText("@Amy Liu");
  expect(amy.className).toContain("font-semibold");
  expect(timeline.getByText("@Bo Chen").className).toContain("bg-accent-soft");
  const paragraph = amy.closest("p");
  expect(paragraph?.textContent).toBe(
    "Ask @Amy Liu or @Bo Chen, not @Nobody, Bo or this, @[Bo Chen](user:u-bo)",
  );
  expect(paragraph?.querySelectorAll(".bg-accent-soft")).toHaveLength(2);
  expect(paragraph?.querySelector("a")?.getAttribute("href")).toBe("");
});

test("what is attached is downloaded from the entry, and from the row of what is planned", async () => {
  const file = {
    id: "f-1",
    name: "报价.pdf",
    media_type: "application/pdf",
    size: 2_621_440,
    href: "/api/v1/files/f-1/content",
  };
  const met = "Met at the fair";
  entries = [done("a-3", 2, { name: met, body: met, attachments: [file] })];
  planned = [activity("a-4", { name: "Send it", due_at: ago(-1), attachments: [file] })];
  const { user, timeline } = await open();
  const link = timeline.getByRole("link", { name: /^Download\s*报价.pdf\s*2.5 MB$/ });
  expect(link.getAttribute("href")).toBe(file.href);
  expect(link.getAttribute("download")).toBe(file.name);
  await user.click(await screen.findByRole("button", { name: "1 attachment" }));
  const layer = within(await screen.findByRole("dialog", { name: "Attachments" }));
  expect(layer.getByRole("link", { name: /报价.pdf/ }).getAttribute("href")).toBe(file.href);
});

test("an activity is edited with the version that was seen", async () => {
  const { user, timeline } = await open();
  await user.click(timeline.getByRole("button", { name: "More about Met at the fair" }));
  await user.click(await screen.findByRole("menuitem", { name: /Edit/ }));
  const dialog = within(await screen.findByRole("dialog", { name: "Edit Note" }));
  await user.type(dialog.getByRole("textbox", { name: "Note" }), " in May");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(patches).toEqual([{ match: '"1"', body: { body: "Met at the fair in May", name: null } }]);
});

test("what may not be changed has no menu", async () => {
  const can = { edit: false, delete: false, assign: false };
  entries = [done("a-2", 2, { name: "Met at the fair", body: "Met at the fair", can })];
  const { timeline } = await open();
  expect(timeline.queryByRole("button", { name: /^More about/ })).toBeNull();
});

test("a record that is gone is said in plain words, other failures can be tried again", async () => {
  server.use(
    http.get("*/api/v1/leads/l-1/timeline", () =>
      HttpResponse.json({ code: "not_found", title: "Not found" }, { status: 404 }),
    ),
  );
  const first = await renderRouted(
    <RecordTimeline descriptor={descriptors.leads} record={lead("l-1")} />,
  );
  await screen.findByText(/It may have been deleted/);
  first.unmount();
  server.use(
    http.get("*/api/v1/leads/l-1/timeline", () =>
      HttpResponse.json({ code: "internal", title: "Something broke" }, { status: 500 }),
    ),
  );
  await renderRouted(<RecordTimeline descriptor={descriptors.leads} record={lead("l-1")} />);
  expect((await screen.findByRole("alert")).textContent).toContain("Something broke");
});

test("the timeline has no accessibility violations", async () => {
  const { container } = await open();
  await screen.findByRole("region", { name: "Planned" });
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});
