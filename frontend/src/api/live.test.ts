import { type InfiniteData, InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { IN_HAND } from "@/lib/in-hand";
import { createQueryClient } from "@/lib/query";
import { FakeEventSource, playEventSource } from "@/test/event-source";
import { lead } from "@/test/samples";
import { favouritesQuery, stickyNotesQuery } from "./at-hand";
import { jobQuery } from "./jobs";
import { followEvents } from "./live";
import { notificationsQuery, unreadQuery } from "./notifications";
import { recordListQuery, recordQuery, summaryQuery, updateRecord } from "./records";
import type { Lead, Page } from "./types";

let stored: Lead[] = [];
let asked: string[] = [];
let isSignedIn = true;

const page = (data: Lead[]) => ({ data, page: { limit: 100, has_more: false }, meta: {} });
const refusal = (status: number) =>
  HttpResponse.json({ code: "unauthenticated", title: "No" }, { status });

const server = setupServer(
  http.get("*/api/v1/me", () => (isSignedIn ? HttpResponse.json({ id: "u-1" }) : refusal(401))),
  http.post("*/api/v1/auth/refresh", () => refusal(401)),
  http.get("*/api/v1/leads", ({ request }) => {
    const filter = new URL(request.url).searchParams.get("filter");
    asked.push(filter ?? "list");
    return HttpResponse.json(
      page(filter ? stored.filter(({ id }) => filter.includes(`"${id}"`)) : stored),
    );
  }),
  http.get("*/api/v1/leads/summary", () => {
    asked.push("summary");
    return HttpResponse.json({ data: [] });
  }),
  http.get("*/api/v1/me/favourites", () => {
    asked.push("favourites");
    const record = { type: "customer", id: "c-7", name: "云栖餐饮" };
    return HttpResponse.json({ data: [{ record, created_at: "2026-11-20T08:00:00Z" }] });
  }),
  http.get("*/api/v1/me/sticky-notes", () => {
    asked.push("notes");
    return HttpResponse.json({ data: [] });
  }),
  http.get("*/api/v1/jobs/j-1", () => {
    asked.push("job");
    return HttpResponse.json({ id: "j-1", status: "running", progress: { done: 1, total: 2 } });
  }),
  http.get("*/api/v1/me/notifications/count", () => {
    asked.push("count");
    return HttpResponse.json({ unread: 1, is_quiet: false });
  }),
  http.get("*/api/v1/me/notifications", () => {
    asked.push("inbox");
    return HttpResponse.json(page([]));
  }),
  http.get("*/api/v1/leads/:id", ({ params }) => {
    asked.push(`one ${params.id}`);
    const found = stored.find(({ id }) => id === params.id);
    return found ? HttpResponse.json(found) : refusal(404);
  }),
  http.patch("*/api/v1/leads/:id", async ({ params, request }) => {
    const changes = (await request.json()) as Partial<Lead>;
    stored = stored.map((row) =>
      row.id === params.id ? { ...row, ...changes, version: row.version + 1 } : row,
    );
    return HttpResponse.json(stored.find(({ id }) => id === params.id));
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());
beforeEach(() => {
  stored = [lead("l-1", { title: "采购", version: 1 }), lead("l-2", { version: 1 })];
  asked = [];
  isSignedIn = true;
  playEventSource();
  vi.spyOn(Math, "random").mockReturnValue(0);
});

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
  document.body.replaceChildren();
  hide(false);
  vi.unstubAllGlobals();
});

function hide(isHidden: boolean) {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

/** A page that shows the list of leads, one of them, and the counts. */
async function showing() {
  const client = createQueryClient();
  const list = new InfiniteQueryObserver(client, recordListQuery("leads", {}));
  const one = new QueryObserver(client, recordQuery("leads", "l-1"));
  const counts = new QueryObserver(client, summaryQuery("leads", {}));
  endings.push(...[list, one, counts].map((observer) => observer.subscribe(() => undefined)));
  await vi.waitFor(() => expect(asked.sort()).toEqual(["list", "one l-1", "summary"]));
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  asked = [];
  endings.push(followEvents(client));
  const rows = () => (list.getCurrentResult().data as InfiniteData<Page<Lead>>).pages[0]?.data;
  return { client, rows, one: () => one.getCurrentResult() };
}

test("what others change is shown where it stands, and what depends on it is read again soon", async () => {
  const { rows, one } = await showing();
  stored = [lead("l-1", { title: "主管", version: 2 }), lead("l-2", { version: 1 })];
  FakeEventSource.last.change("lead.update", "l-1", 2);
  FakeEventSource.last.change("lead.update", "l-1", 2);
  await vi.waitFor(() => expect(rows()?.[0]?.title).toBe("主管"));
  expect(one().data?.title).toBe("主管");
  expect(asked).toEqual(['id IN ("l-1")']);
  await vi.waitFor(() => expect(asked).toContain("summary"), 3_000);
  expect(asked.sort()).toEqual(['id IN ("l-1")', "list", "one l-1", "summary"].sort());
});

test("favourites and notes follow what another page does to them, and the names of records", async () => {
  const { client } = await showing();
  const favourites = new QueryObserver(client, favouritesQuery());
  const notes = new QueryObserver(client, stickyNotesQuery());
  endings.push(...[favourites, notes].map((observer) => observer.subscribe(() => undefined)));
  await vi.waitFor(() => expect(asked.sort()).toEqual(["favourites", "notes"]));
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  asked = [];
  FakeEventSource.last.change("favourite.create", "l-1", 1);
  FakeEventSource.last.change("favourite.delete", "l-2", 1);
  await vi.waitFor(() => expect(asked).toEqual(["favourites"]));
  FakeEventSource.last.change("sticky_note.update", "n-1", 1);
  await vi.waitFor(() => expect(asked).toEqual(["favourites", "notes"]));
  // The favourite is a customer that no list here shows.
  FakeEventSource.last.change("customer.update", "c-7", 2);
  await vi.waitFor(() => expect(asked.filter((what) => what === "favourites")).toHaveLength(2));
  expect(asked.filter((what) => what === "notes")).toHaveLength(1);
});

test("a job is read again when it has gone on, and nothing else is", async () => {
  const { client } = await showing();
  const job = new QueryObserver(client, { ...jobQuery("j-1"), refetchInterval: false as const });
  endings.push(job.subscribe(() => undefined));
  await vi.waitFor(() => expect(asked).toEqual(["job"]));
  asked = [];
  FakeEventSource.last.change("job.update", "j-1", 2);
  FakeEventSource.last.change("job.update", "j-1", 3);
  await vi.waitFor(() => expect(asked).toEqual(["job"]));
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  expect(asked).toEqual(["job"]);
});

test("what is new comes with the next reading, which does not follow on the heels of the last", async () => {
  const { rows } = await showing();
  for (const id of ["l-3", "l-4"]) {
    stored = [lead(id), ...stored];
    FakeEventSource.last.change("lead.create", id, 1);
    if (id === "l-3") await vi.waitFor(() => expect(rows()).toHaveLength(3), 3_000);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(rows()).toHaveLength(3);
  expect(asked.filter((question) => question === "list")).toHaveLength(1);
});

test("what an activity leaves with records is read again, though no event tells of them", async () => {
  await showing();
  FakeEventSource.last.change("activity.create", "a-1", 1);
  await vi.waitFor(() => expect(asked.sort()).toEqual(["list", "one l-1", "summary"]), 3_000);
});

test("what has been deleted or hidden goes", async () => {
  const { rows, one } = await showing();
  stored = stored.slice(1);
  FakeEventSource.last.change("lead.hidden", "l-1", 2);
  await vi.waitFor(() => expect(rows()?.map(({ id }) => id)).toEqual(["l-2"]));
  await vi.waitFor(() => expect(one().isError).toBe(true));
});

test("one's own changes are not read again", async () => {
  await showing();
  const written = await updateRecord("leads", "l-1", 1, { title: "主管" });
  FakeEventSource.last.change("lead.update", "l-1", written.version);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(asked).toEqual([]);
  // The same record, changed by somebody else afterwards.
  stored = [lead("l-1", { title: "总监", version: 3 })];
  FakeEventSource.last.change("lead.update", "l-1", 3);
  await vi.waitFor(() => expect(asked).toContain('id IN ("l-1")'));
});

test("what was read while one wrote is read once more, for it may be from before", async () => {
  const { rows } = await showing();
  const held: { answer?: () => void } = {};
  const before = page(stored);
  server.use(
    http.get("*/api/v1/leads", async () => {
      await new Promise<void>((resolve) => {
        held.answer = resolve;
      });
      return HttpResponse.json(before);
    }),
  );
  FakeEventSource.last.change("lead.create", "l-9", 1);
  await vi.waitFor(() => expect(held.answer).toBeDefined(), 3_000);
  await updateRecord("leads", "l-1", 1, { title: "主管" });
  server.resetHandlers();
  held.answer?.();
  await vi.waitFor(() => expect(rows()?.[0]?.title).toBe("主管"), 3_000);
});

test("nothing moves while something is in hand", async () => {
  const { rows } = await showing();
  const cell = document.createElement("div");
  cell.setAttribute(IN_HAND, "");
  document.body.append(cell);
  stored = [lead("l-1", { title: "主管", version: 2 })];
  FakeEventSource.last.change("lead.update", "l-1", 2);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(asked).toEqual([]);
  cell.remove();
  await vi.waitFor(() => expect(rows()?.[0]?.title).toBe("主管"), 3_000);
});

test("a reset reads everything that is shown again", async () => {
  await showing();
  FakeEventSource.last.send("reset");
  await vi.waitFor(() => expect(asked.sort()).toEqual(["list", "one l-1", "summary"]), 3_000);
});

test("a hidden page lets go of its connection and goes on where it was", async () => {
  await showing();
  const first = FakeEventSource.last;
  first.send("ready", {}, "41");
  first.change("lead.update", "l-9", 2, "42");
  vi.useFakeTimers();
  hide(true);
  vi.advanceTimersByTime(29_000);
  expect(first.readyState).not.toBe(FakeEventSource.CLOSED);
  vi.advanceTimersByTime(2_000);
  expect(first.readyState).toBe(FakeEventSource.CLOSED);
  vi.useRealTimers();
  hide(false);
  expect(FakeEventSource.opened.map(({ url }) => url)).toEqual([
    "/api/v1/events",
    "/api/v1/events?last_event_id=42",
  ]);
});

test("a page that is back before long has kept its connection", async () => {
  await showing();
  vi.useFakeTimers();
  hide(true);
  vi.advanceTimersByTime(20_000);
  hide(false);
  vi.advanceTimersByTime(20_000);
  vi.useRealTimers();
  expect(FakeEventSource.opened).toHaveLength(1);
  expect(FakeEventSource.last.readyState).not.toBe(FakeEventSource.CLOSED);
});

test("a connection that has fallen silent is opened anew where it was", async () => {
  await showing();
  const first = FakeEventSource.last;
  vi.useFakeTimers();
  first.send("ping", {}, "42");
  vi.advanceTimersByTime(50_000);
  first.send("ping", {}, "43");
  vi.advanceTimersByTime(50_000);
  expect(first.readyState).not.toBe(FakeEventSource.CLOSED);
  vi.advanceTimersByTime(11_000);
  vi.useRealTimers();
  expect(first.readyState).toBe(FakeEventSource.CLOSED);
  expect(FakeEventSource.last.url).toBe("/api/v1/events?last_event_id=43");
});

test("a refused stream comes back when it may, and not when nobody is signed in", async () => {
  await showing();
  FakeEventSource.last.refuse();
  await vi.waitFor(() => expect(FakeEventSource.opened).toHaveLength(2), 3_000);
  isSignedIn = false;
  FakeEventSource.last.refuse();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(FakeEventSource.opened).toHaveLength(2);
});

test("a stream that begins late reads again what it may have missed", async () => {
  await showing();
  const late = performance.now() + 9_000;
  vi.spyOn(performance, "now").mockReturnValue(late);
  FakeEventSource.last.send("ready", {}, "7");
  await vi.waitFor(() => expect(asked.sort()).toEqual(["list", "one l-1", "summary"]), 3_000);
});

test("notifications are counted once for many; the open list is read again only when some have come", async () => {
  const { client } = await showing();
  const inbox = new InfiniteQueryObserver(client, notificationsQuery("inbox"));
  const count = new QueryObserver(client, unreadQuery());
  for (const observer of [inbox, count]) endings.push(observer.subscribe(() => undefined));
  await vi.waitFor(() => expect(asked.sort()).toEqual(["count", "inbox"]));
  asked = [];
  FakeEventSource.last.change("notification.read", "n-1", 1);
  await vi.waitFor(() => expect(asked).toEqual(["count"]));
  asked = [];
  for (const id of ["n-2", "n-3", "n-2"]) FakeEventSource.last.change("notification.create", id, 1);
  await vi.waitFor(() => expect(asked.sort()).toEqual(["count", "inbox"]));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(asked.sort()).toEqual(["count", "inbox"]);
});
