import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { hearOfJobs, type Job, type JobItem } from "@/api/jobs";
import { renderRouted } from "@/test/routed";
import { job, jobItem, me } from "@/test/samples";
import { JobPage } from "./JobPage";

const server = setupServer();
let stored: Job;
let items: JobItem[];
let states: (string | null)[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  states = [];
  stored = job("j-1", { status: "running", position: null, progress: { done: 0, total: 3 } });
  items = [jobItem(0), jobItem(1), jobItem(2)];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/jobs/j-1", () => HttpResponse.json(stored)),
    http.get("*/api/v1/jobs/j-1/items", ({ request }) => {
      const state = new URL(request.url).searchParams.get("state");
      states.push(state);
      return HttpResponse.json({
        data: items.filter((item) => state === null || item.state === state),
        page: { limit: 50, has_more: false },
      });
    }),
  );
});

/** All three have been dealt with: one went well, one did not, one had been converted before. */
function finish() {
  stored = job("j-1", {
    status: "partially_succeeded",
    position: null,
    progress: { done: 3, total: 3 },
    counts: { succeeded: 1, failed: 1, skipped: 1 },
    can_cancel: false,
    finished_at: "2026-11-20T08:01:00Z",
  });
  items = [
    jobItem(0, {
      state: "succeeded",
      made: [
        { type: "customer", id: "c-1", name: "云栖餐饮" },
        { type: "opportunity", id: "o-1", name: null },
      ],
      notes: ["customer_linked_without_writing"],
    }),
    jobItem(1, {
      state: "failed",
      candidates: [{ type: "customer", id: "c-2", name: "金石教育" }],
      problem: {
        code: "duplicate_candidates",
        title: "Duplicates",
        detail: "It may be here already",
      },
    }),
    jobItem(2, { state: "skipped" }),
  ];
}

const open = () =>
  renderRouted(
    <JobPage
      id="j-1"
      renderConvert={(lead, onClose) => (
        <button type="button" onClick={onClose}>{`by hand ${lead}`}</button>
      )}
    />,
  );

const row = (name: string) =>
  within(screen.getByRole("link", { name }).closest("li") as HTMLElement);

test("a job that waits says where it stands, and what it leaves out", async () => {
  stored = job("j-1", { left_out: { already_converted: 1, forbidden: 2 } });
  const { container } = await open();
  expect(await screen.findByRole("heading", { name: "Convert 12 leads" })).toBeTruthy();
  expect(screen.getByText("Waiting")).toBeTruthy();
  expect(screen.getByText("Number 2 in the queue")).toBeTruthy();
  expect(screen.getByText("1 lead has been converted before and is left out.")).toBeTruthy();
  expect(screen.getByText("2 leads are not yours to convert and are left out.")).toBeTruthy();
  expect(screen.getByText("Opportunity: Create")).toBeTruthy();
  expect((await axe.run(container)).violations).toEqual([]);
});

test("it is followed to its end: each result is told with what came of it, or why nothing did", async () => {
  const { client, container } = await open();
  await screen.findByText("Lead 0");
  const bar = screen.getByRole("progressbar", { name: "Convert 3 leads" });
  expect(bar.getAttribute("aria-valuenow")).toBe("0");
  finish();
  await hearOfJobs(client);
  expect(await screen.findByText("Done in part")).toBeTruthy();
  expect(bar.getAttribute("aria-valuenow")).toBe("3");
  expect(await screen.findByText("It may be here already")).toBeTruthy();

  expect(row("Lead 0").getByRole("link", { name: "云栖餐饮" }).getAttribute("href")).toBe(
    "/customers/c-1",
  );
  expect(row("Lead 0").getByText("Not visible to you")).toBeTruthy();
  expect(row("Lead 0").getByText("The customer was linked without being changed.")).toBeTruthy();
  expect(row("Lead 1").getByRole("link", { name: "金石教育" })).toBeTruthy();
  expect(row("Lead 2").getByText("Somebody had converted it before")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Cancel the job" })).toBeNull();
  expect((await axe.run(container)).violations).toEqual([]);
});

test("the results of one kind are shown alone", async () => {
  finish();
  const { user } = await open();
  await screen.findByText("Lead 0");
  const filters = within(screen.getByRole("navigation", { name: "What is shown" }));
  expect(filters.queryByRole("button", { name: /^Not done yet/ })).toBeNull();
  await user.click(filters.getByRole("button", { name: "Not converted 1" }));
  await waitFor(() => expect(screen.queryByText("Lead 0")).toBeNull());
  expect(await screen.findByText("Lead 1")).toBeTruthy();
  expect(states).toEqual([null, "failed"]);
});

test("what could not be converted is converted by hand", async () => {
  finish();
  const { user } = await open();
  await user.click(await screen.findByRole("button", { name: "Convert Lead 1 by hand" }));
  await user.click(screen.getByRole("button", { name: "by hand l-1" }));
  expect(screen.queryByRole("button", { name: "by hand l-1" })).toBeNull();
});

test("a job is cancelled only after a question, and says so until it has ended", async () => {
  let asked = 0;
  server.use(
    http.post("*/api/v1/jobs/j-1/cancel", () => {
      asked += 1;
      stored = {
        ...stored,
        cancelled_at: "2026-11-20T08:00:30Z",
        cancelled_by: { id: "u-amy", name: "Amy Liu" },
        can_cancel: false,
      };
      return HttpResponse.json(stored);
    }),
  );
  const { user } = await open();
  await user.click(await screen.findByRole("button", { name: "Cancel the job" }));
  await user.click(await screen.findByRole("button", { name: "Let it go on" }));
  expect(asked).toBe(0);
  await user.click(await screen.findByRole("button", { name: "Cancel the job" }));
  const question = within(await screen.findByRole("alertdialog"));
  await user.click(question.getByRole("button", { name: "Cancel the job" }));
  expect(await screen.findByText(/It ends before the next one\./)).toBeTruthy();
  expect(asked).toBe(1);
});

test("why a job could not go on is said, and so is that there is none", async () => {
  stored = job("j-1", {
    status: "failed",
    position: null,
    error: { code: "forbidden", title: "Forbidden", detail: "You may not convert leads any more" },
    can_cancel: false,
  });
  const { unmount } = await open();
  expect((await screen.findByRole("alert")).textContent).toContain("any more");
  unmount();
  server.use(
    http.get("*/api/v1/jobs/j-1", () =>
      HttpResponse.json({ code: "not_found", title: "Not found" }, { status: 404 }),
    ),
  );
  await open();
  expect(await screen.findByText("Not found")).toBeTruthy();
});
