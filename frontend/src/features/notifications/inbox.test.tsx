import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Notification } from "@/api/notifications";
import { changeLanguage } from "@/lib/i18n";
import { renderRouted } from "@/test/routed";
import { notification } from "@/test/samples";
import { Bell } from ".";

const server = setupServer();
const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();
const refusal = { code: "internal", title: "It broke" };

let stored: Notification[];
let sent: { what: string; body: unknown }[];

const isPutOff = ({ snoozed_until }: Notification) => snoozed_until !== null;
const unread = () => stored.filter((one) => one.read_at === null && !isPutOff(one));

function put(id: string, changes: { is_read?: boolean; snoozed_until?: string | null }) {
  stored = stored.map((one) => {
    if (one.id !== id) return one;
    const read_at = changes.is_read === undefined ? one.read_at : changes.is_read ? ago(0) : null;
    return { ...one, read_at, snoozed_until: changes.snoozed_until ?? null };
  });
}

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  sent = [];
  stored = [
    notification("n-1"),
    notification("n-2", {
      kind: "assigned",
      subject: "customer",
      activity: null,
      record: { type: "customer", id: "c-9", name: "云栖餐饮" },
      count: 23,
    }),
    notification("n-3", {
      kind: "task_due",
      actor: null,
      created_at: ago(3),
      due_at: "2026-11-20T10:00:00Z",
      read_at: ago(2),
      activity: { id: "a-2", name: "Send the offer" },
    }),
  ];
  server.use(
    http.get("*/api/v1/me/notifications/count", () =>
      HttpResponse.json({ unread: unread().length, is_quiet: false }),
    ),
    http.get("*/api/v1/me/notifications", ({ request }) => {
      const asked = new URL(request.url).searchParams;
      const some = asked.get("unread") ? unread() : stored;
      const data = some.filter((one) => isPutOff(one) === (asked.get("state") === "snoozed"));
      return HttpResponse.json({ data, page: { limit: 30, has_more: false }, unread: 0 });
    }),
    http.patch("*/api/v1/me/notifications/:id", async ({ request, params }) => {
      const body = (await request.json()) as object;
      sent.push({ what: String(params.id), body });
      put(String(params.id), body);
      return HttpResponse.json(stored.find(({ id }) => id === params.id));
    }),
    http.post("*/api/v1/me/notifications/read", async ({ request }) => {
      sent.push({ what: "all", body: await request.json() });
      stored = stored.map((one) => ({ ...one, read_at: one.read_at ?? ago(0) }));
      return HttpResponse.json({ changed: 2 });
    }),
  );
});

function Framed() {
  const [open, setOpen] = useState(false);
  return <Bell open={open} onOpenChange={setOpen} />;
}

async function open(name: string | RegExp = "Notifications, 2 unread") {
  const view = await renderRouted(<Framed />);
  await view.user.click(await screen.findByRole("button", { name }));
  const layer = within(await screen.findByRole("dialog", { name: /^Notifications|^通知/ }));
  return { ...view, layer };
}

const rowOf = (text: RegExp | string) =>
  within(screen.getByText(text).closest("li") as HTMLElement);

test("the bell says how many are unread, and no more than 99 of them", async () => {
  await renderRouted(<Framed />);
  expect((await screen.findByRole("button", { name: "Notifications, 2 unread" })).textContent).toBe(
    "2",
  );
});

test("the bell of somebody with very many says so", async () => {
  server.use(
    http.get("*/api/v1/me/notifications/count", () =>
      HttpResponse.json({ unread: 100, is_quiet: false }),
    ),
  );
  await renderRouted(<Framed />);
  const bell = await screen.findByRole("button", { name: "Notifications, more than 99 unread" });
  expect(bell.textContent).toBe("99+");
});

test("what came stands by day, in words; each leads to what it is about", async () => {
  const { layer, baseElement } = await open();
  const today = within(await layer.findByRole("region", { name: "Today" }));
  const earlier = within(layer.getByRole("region", { name: "Earlier" }));
  expect(today.getByRole("link", { name: "Bo Chen mentioned you" }).getAttribute("href")).toBe(
    "/leads/l-1",
  );
  expect(today.getByText("Ask @Amy Liu · 王小明")).toBeTruthy();
  expect(
    today.getByRole("link", { name: "Bo Chen gave you 23 customers" }).getAttribute("href"),
  ).toBe("/customers?view=mine");
  expect(earlier.getByRole("link", { name: "Reminder" }).getAttribute("href")).toBe("/leads/l-1");
  expect(earlier.getByText(/^due Nov 20, 2026/)).toBeTruthy();
  expect(today.getAllByRole("img", { name: "Unread" })).toHaveLength(2);
  const { violations } = await axe.run(baseElement, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("opening one marks it as read, closes the layer and goes there", async () => {
  const { user, path } = await open();
  await user.click(await screen.findByRole("link", { name: "Bo Chen mentioned you" }));
  expect(path()).toBe("/leads/l-1");
  await waitFor(() => expect(sent).toEqual([{ what: "n-1", body: { is_read: true } }]));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("what may no longer be seen has no name and leads nowhere; pressed, it is read", async () => {
  stored = [notification("n-1", { activity: { id: "a-1", name: null }, record: null })];
  const { user } = await open("Notifications, 1 unread");
  const main = await screen.findByRole("button", { name: "Bo Chen mentioned you" });
  expect(screen.getByText("It is gone, or no longer visible to you")).toBeTruthy();
  await user.click(main);
  await waitFor(() => expect(sent).toEqual([{ what: "n-1", body: { is_read: true } }]));
  expect(screen.queryByRole("img", { name: "Unread" })).toBeNull();
});

test("what a rule gave says so", async () => {
  const record = { type: "lead" as const, id: "l-1", name: "王小明" };
  stored = [
    notification("n-1", { kind: "assigned", actor: null, activity: null, subject: "lead", record }),
  ];
  await open("Notifications, 1 unread");
  const link = await screen.findByRole("link", { name: "A rule gave you a lead" });
  expect(link.getAttribute("href")).toBe("/leads/l-1");
});

test("what goes back to the pool, and what has gone, says so and leads there", async () => {
  const theirs = { actor: null, activity: null, subject: "customer" as const };
  const record = { type: "customer" as const, id: "c-1", name: "云栖餐饮" };
  const due_at = "2026-11-30T10:00:00Z";
  stored = [
    notification("n-1", { ...theirs, kind: "customer_release_soon", record, due_at }),
    notification("n-2", { ...theirs, kind: "customer_release_soon", record, due_at, count: 12 }),
    notification("n-3", { ...theirs, kind: "customer_released", record, count: 3 }),
  ];
  await open("Notifications, 3 unread");
  const href = (name: string) => screen.getByRole("link", { name }).getAttribute("href");
  await screen.findByRole("link", { name: "A customer of yours goes back to the pool soon" });
  expect(href("A customer of yours goes back to the pool soon")).toBe("/customers/c-1");
  expect(href("12 customers of yours go back to the pool soon")).toBe("/customers?view=soon");
  expect(href("3 customers of yours have gone back to the pool")).toBe("/customers?view=pool");
  expect(screen.getAllByText(/^goes Nov 30, 2026/)).toHaveLength(2);
});

test("a job that has ended says how, and leads to its results", async () => {
  const job = { id: "j-1", kind: "convert_leads", total: 12, succeeded: 10, failed: 2 };
  const base = { kind: "job_finished", subject: "job", actor: null, activity: null } as const;
  stored = [
    notification("n-1", { ...base, record: null, job: { ...job, status: "partially_succeeded" } }),
    notification("n-2", {
      ...base,
      record: null,
      job: { ...job, id: "j-2", status: "succeeded", succeeded: 12, failed: 0 },
    }),
  ];
  await open();
  const link = await screen.findByRole("link", { name: "10 of 12 leads are converted" });
  expect(link.getAttribute("href")).toBe("/jobs/j-1");
  expect(screen.getByText("2 could not be done")).toBeTruthy();
  expect(screen.getByRole("link", { name: "All 12 leads are converted" })).toBeTruthy();
});

test("what stands still says whose it is and since when", async () => {
  const about = {
    subject: "opportunity" as const,
    record: { type: "opportunity" as const, id: "o-1", name: "Big deal" },
    activity: null,
    due_at: "2026-11-20T10:00:00Z",
  };
  stored = [
    notification("n-1", { kind: "opportunity_escalated", ...about }),
    notification("n-2", { kind: "opportunity_stale", actor: null, ...about }),
    notification("n-3", { kind: "opportunity_slow", actor: null, ...about }),
  ];
  const { layer } = await open("Notifications, 3 unread");
  const link = await layer.findByRole("link", { name: "An opportunity of Bo Chen stays stale" });
  expect(link.getAttribute("href")).toBe("/opportunities/o-1");
  expect(layer.getByRole("link", { name: "An opportunity has become stale" })).toBeTruthy();
  expect(
    layer.getByRole("link", { name: "An opportunity stands longer than planned" }),
  ).toBeTruthy();
  expect(layer.getAllByText(/^since Nov 20, 2026/)).toHaveLength(3);
});

test("a mark is taken back; what was refused stands as it was", async () => {
  const { user } = await open();
  await user.click(
    (await screen.findAllByRole("button", { name: "Mark as read" }))[0] as HTMLElement,
  );
  await screen.findByRole("button", { name: "Notifications, 1 unread" });
  await user.click(rowOf("Bo Chen mentioned you").getByRole("button", { name: "Mark as unread" }));
  await screen.findByRole("button", { name: "Notifications, 2 unread" });
  expect(sent.map(({ body }) => body)).toEqual([{ is_read: true }, { is_read: false }]);
  server.use(
    http.patch("*/api/v1/me/notifications/:id", () => HttpResponse.json(refusal, { status: 500 })),
  );
  await user.click(rowOf("Bo Chen mentioned you").getByRole("button", { name: "Mark as read" }));
  await screen.findAllByText("It broke");
  await waitFor(() => expect(screen.getAllByRole("img", { name: "Unread" })).toHaveLength(2));
});

test("all of them are read up to the newest", async () => {
  const { user, layer } = await open();
  await layer.findByRole("region", { name: "Today" });
  const all = layer.getByRole("button", { name: "Mark all as read" });
  await user.click(all);
  await screen.findByRole("button", { name: "Notifications" });
  expect(sent).toEqual([{ what: "all", body: { up_to: "n-1" } }]);
  expect(screen.queryByRole("img", { name: "Unread" })).toBeNull();
  expect(all).toHaveProperty("disabled", true);
});

test("one is put off, and brought back by the toast", async () => {
  const { user } = await open();
  await screen.findByText("Bo Chen mentioned you");
  await user.click(rowOf("Bo Chen mentioned you").getByRole("button", { name: "Snooze" }));
  await user.click(await screen.findByRole("menuitem", { name: "In an hour" }));
  await waitFor(() => expect(screen.queryByText("Bo Chen mentioned you")).toBeNull());
  const [{ body } = { body: null }] = sent;
  const { snoozed_until: until } = body as { snoozed_until: string };
  expect(Math.abs(Date.parse(until) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  await user.click((await screen.findAllByRole("button", { name: "Undo" }))[0] as HTMLElement);
  await waitFor(() => expect(sent.at(-1)?.body).toEqual({ snoozed_until: null }));
  // What is pressed outside closes the inbox.
  await user.click(await screen.findByRole("button", { name: "Notifications, 2 unread" }));
  expect(await screen.findByText("Bo Chen mentioned you")).toBeTruthy();
});

test("what was put off stands in a view of its own, from where it comes back", async () => {
  stored[0] = notification("n-1", { snoozed_until: "2026-12-01T01:00:00Z" });
  const { user, layer } = await open("Notifications, 1 unread");
  await user.click(layer.getByRole("button", { name: "Snoozed" }));
  expect(await layer.findByText(/^Until Dec 1, 2026/)).toBeTruthy();
  await user.click(layer.getByRole("button", { name: "Bring back now" }));
  expect(await layer.findByText("Nothing is put off")).toBeTruthy();
  expect(sent).toEqual([{ what: "n-1", body: { snoozed_until: null } }]);
});

test("the keyboard goes through the rows, marks them and opens one", async () => {
  const { user, path } = await renderRouted(<Framed />);
  (await screen.findByRole("button", { name: "Notifications, 2 unread" })).focus();
  await user.keyboard("{Enter}");
  const first = await screen.findByRole("link", { name: "Bo Chen mentioned you" });
  await waitFor(() => expect(document.activeElement).toBe(first));
  await user.keyboard("{ArrowDown}r");
  const second = screen.getByRole("link", { name: "Bo Chen gave you 23 customers" });
  expect(document.activeElement).toBe(second);
  await waitFor(() => expect(sent).toEqual([{ what: "n-2", body: { is_read: true } }]));
  await user.keyboard("jj");
  expect(document.activeElement?.textContent).toBe("Reminder");
  await user.keyboard("{Home}s");
  await screen.findByRole("menuitem", { name: "In an hour" });
  await user.keyboard("{Escape}");
  first.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(path()).toBe("/leads/l-1"));
});

test("the row after the one that was put off has the focus", async () => {
  const { user } = await open();
  (await screen.findByRole("link", { name: "Bo Chen mentioned you" })).focus();
  await user.keyboard("s");
  const entry = await screen.findByRole("menuitem", { name: "In an hour" });
  entry.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByText("Bo Chen mentioned you")).toBeNull());
  await waitFor(() =>
    expect(document.activeElement?.textContent).toBe("Bo Chen gave you 23 customers"),
  );
});

test("an empty inbox says what would stand there, one that failed is asked again", async () => {
  stored = [];
  server.use(
    http.get("*/api/v1/me/notifications", () => HttpResponse.json(refusal, { status: 500 }), {
      once: true,
    }),
  );
  const { user, layer } = await open("Notifications");
  expect((await layer.findByRole("alert")).textContent).toContain("It broke");
  await user.click(layer.getByRole("button", { name: "Try again" }));
  expect(await layer.findByText("Nothing new")).toBeTruthy();
});

test("on a phone it takes the whole screen, in the language of the page", async () => {
  await changeLanguage("zh-CN");
  vi.stubGlobal("matchMedia", () => ({
    matches: true,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  const { layer, user } = await open("通知，2 条未读");
  await layer.findByText("Bo Chen提及了你");
  expect(layer.getByText("Bo Chen将23 个客户交给了你")).toBeTruthy();
  await user.click(layer.getByRole("button", { name: "关闭" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  vi.unstubAllGlobals();
});
