import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Notification, refreshNotifications } from "@/api/notifications";
import { renderRouted } from "@/test/routed";
import { notification } from "@/test/samples";
import { Arrivals } from ".";

const server = setupServer();
const onSeveral = vi.fn();
let stored: Notification[];
let isQuiet: boolean;
let asked: number;
let read: string[];
let serial = 0;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  serial += 1;
  stored = [notification(`old-${serial}`)];
  isQuiet = false;
  asked = 0;
  read = [];
  server.use(
    http.get("*/api/v1/me/notifications/count", () => {
      asked += 1;
      return HttpResponse.json({ unread: stored.length, is_quiet: isQuiet });
    }),
    http.get("*/api/v1/me/notifications", ({ request }) => {
      const limit = Number(new URL(request.url).searchParams.get("limit"));
      return HttpResponse.json({ data: stored.slice(0, limit), page: { has_more: false } });
    }),
    http.patch("*/api/v1/me/notifications/:id", ({ params }) => {
      read.push(String(params.id));
      return HttpResponse.json(stored[0]);
    }),
  );
});

async function listen() {
  const view = await renderRouted(<Arrivals onSeveral={onSeveral} />);
  await waitFor(() => expect(asked).toBe(1));
  await waitFor(() => expect(view.client.isFetching()).toBe(0));
  return view;
}

async function come(client: Parameters<typeof refreshNotifications>[0], ...ids: string[]) {
  stored = [...ids.map((id) => notification(`${id}-${serial}`)), ...stored];
  const before = asked;
  await refreshNotifications(client);
  await waitFor(() => expect(asked).toBe(before + 1));
}

test("what comes is said in passing, and leads there", async () => {
  const { client, user, path } = await listen();
  expect(screen.queryByText("Bo Chen mentioned you")).toBeNull();
  await come(client, "new");
  await screen.findAllByText("Bo Chen mentioned you");
  expect(screen.getAllByText("Ask @Amy Liu · 王小明").length).toBeGreaterThan(0);
  await user.click((await screen.findAllByRole("button", { name: "Open" }))[0] as HTMLElement);
  expect(path()).toBe("/leads/l-1");
  await waitFor(() => expect(read).toEqual([`new-${serial}`]));
});

test("several at once are one message, which opens the list", async () => {
  const { client, user } = await listen();
  await come(client, "a", "b");
  await screen.findAllByText("2 new notifications");
  await user.click((await screen.findAllByRole("button", { name: "Open" }))[0] as HTMLElement);
  expect(onSeveral).toHaveBeenCalled();
});

test("the end of a job is said elsewhere, and not to who watches it", async () => {
  const job = { kind: "convert_leads", status: "succeeded", total: 9, succeeded: 9, failed: 0 };
  const end = (id: string) =>
    notification(`${id}-${serial}`, {
      kind: "job_finished",
      subject: "job",
      actor: null,
      record: null,
      activity: null,
      job: { ...job, id } as Notification["job"],
    });
  const { client } = await listen();
  window.history.pushState(null, "", "/jobs/watched");
  stored = [end("watched"), ...stored];
  await come(client);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(screen.queryByText("All 9 leads are converted")).toBeNull();
  stored = [end("other"), ...stored];
  await come(client);
  await screen.findAllByText("All 9 leads are converted");
  window.history.pushState(null, "", "/");
});

test("nothing is said in quiet hours, and not afterwards either", async () => {
  isQuiet = true;
  const { client } = await listen();
  await come(client, "night");
  isQuiet = false;
  await come(client);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(screen.queryByText("Bo Chen mentioned you")).toBeNull();
});
