import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { renderRouted } from "@/test/routed";
import { lead, me } from "@/test/samples";
import { BulkRun } from "./BulkRun";
import { type BulkJob, runBulk, undoJob } from "./bulk";
import { closeRun } from "./bulk-run";
import { descriptors } from "./descriptors";
import { type ListAddress, ListPage } from "./ListPage";

const SHOWN = 3;
let held = 0;
let busy = 0;
let refuse: (id: string) => string | null = () => null;
const pages: URLSearchParams[] = [];
const batches: { operations: { action: string; id: string; version: number; data?: object }[] }[] =
  [];
const keys: (string | null)[] = [];

/** The rules have rated the first; somebody has rated the others. */
const row = (n: number) =>
  lead(`l-${n}`, {
    name: `Lead ${n}`,
    tags: ["old"],
    version: 1,
    rating_by: n === 0 ? "rules" : "person",
  });

function leadsPage(query: URLSearchParams) {
  pages.push(query);
  if (query.get("fields") === null) {
    return {
      data: Array.from({ length: Math.min(SHOWN, held) }, (_, n) => row(n)),
      page: { limit: 100, has_more: held > SHOWN, next_cursor: "later" },
      meta: { total: held, total_is_exact: true },
    };
  }
  const start = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit"));
  const data = Array.from({ length: Math.min(limit, held - start) }, (_, n) => row(start + n));
  const end = start + data.length;
  return { data, page: { limit, has_more: end < held, next_cursor: `${end}` }, meta: {} };
}

const server = setupServer(
  http.get("*/api/v1/me", () => HttpResponse.json(me())),
  http.get("*/api/v1/lead-statuses", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/sources", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/users/directory", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/leads/summary", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/leads", async ({ request }) => {
    const query = new URL(request.url).searchParams;
    // The rows after the first few are still on their way.
    if (query.get("cursor") === "later") await delay("infinite");
    return HttpResponse.json(leadsPage(query));
  }),
  http.post("*/api/v1/leads/search", async ({ request }) => {
    const body = (await request.json()) as { filter: { value: string[] } };
    const data = body.filter.value.map((id) => ({ ...row(0), id, version: 7 }));
    return HttpResponse.json({ data, page: { limit: 200, has_more: false }, meta: {} });
  }),
  http.post("*/api/v1/leads/batch", async ({ request }) => {
    keys.push(request.headers.get("idempotency-key"));
    if (busy > 0) {
      busy -= 1;
      return HttpResponse.json({ code: "unavailable", title: "Busy" }, { status: 503 });
    }
    const body = (await request.json()) as (typeof batches)[number];
    batches.push(body);
    const results = body.operations.map(({ id, version }, index) => {
      const detail = refuse(id);
      if (detail === null) return { index, id, status: 200, version: version + 1 };
      return { index, id, status: 403, problem: { code: "forbidden", detail } };
    });
    return HttpResponse.json({ results });
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  closeRun();
});
afterAll(() => server.close());
beforeEach(() => {
  held = 0;
  busy = 0;
  refuse = () => null;
  for (const list of [pages, batches, keys]) list.length = 0;
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(900);
  }
});

const start: ListAddress = {
  q: "云",
  view: "mine",
  sort: "-created_at",
  chosen: {},
  peek: null,
};

function Sample() {
  const [address, setAddress] = useState(start);
  return (
    <>
      <ListPage
        descriptor={descriptors.leads}
        address={address}
        onAddress={(changes) => setAddress((old) => ({ ...old, ...changes }))}
      />
      <BulkRun />
    </>
  );
}

async function chooseEverything() {
  const view = await renderRouted(<Sample />);
  await screen.findByRole("grid", { name: "Leads" });
  await view.user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
  await view.user.click(await screen.findByRole("button", { name: /^Select all .* that match$/ }));
  return view;
}

async function tagThem(user: Awaited<ReturnType<typeof chooseEverything>>["user"]) {
  await user.click(screen.getByRole("button", { name: "Tag" }));
  await user.type(await screen.findByRole("textbox", { name: "Tags" }), "fair{Enter}");
  await user.click(screen.getByRole("button", { name: "Add" }));
}

const changed = () => batches.flatMap((batch) => batch.operations);

test("all that match are read and changed in pieces, and taken back", async () => {
  held = 450;
  const { user } = await chooseEverything();
  expect(screen.getByText("All 450 selected")).toBeTruthy();
  await tagThem(user);
  expect(batches).toEqual([]);
  await user.click(
    within(await screen.findByRole("alertdialog", { name: "Change 450 records?" })).getByRole(
      "button",
      { name: "Change" },
    ),
  );
  await screen.findByText("450 records changed");
  const read = pages.filter((query) => query.get("limit") === "200");
  expect(read.map((query) => query.get("cursor"))).toEqual([null, "200", "400"]);
  expect(read[0]?.get("q")).toBe("云");
  expect(read[0]?.get("filter")).toBe("owner_id = @me");
  expect(batches.map((batch) => batch.operations.length)).toEqual([200, 200, 50]);
  expect(changed()[449]).toEqual({
    action: "update",
    id: "l-449",
    version: 1,
    data: { tags: ["old", "fair"] },
  });
  batches.length = 0;
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("Undone for 450 records");
  expect(changed()[449]).toMatchObject({ id: "l-449", version: 2, data: { tags: ["old"] } });
});

test("what was refused is told by reason and tried again on the newest version", async () => {
  held = 250;
  refuse = (id) => (["l-7", "l-8", "l-220"].includes(id) ? "Not yours" : null);
  const { user } = await chooseEverything();
  await tagThem(user);
  await user.click(await screen.findByRole("button", { name: "Change" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Not everything was changed" }));
  expect(dialog.getByText("247")).toBeTruthy();
  const group = within(dialog.getByRole("region", { name: "Not yours" }));
  expect(group.getAllByRole("link").map((link) => link.textContent)).toEqual([
    "Lead 7",
    "Lead 8",
    "Lead 220",
  ]);
  refuse = () => null;
  batches.length = 0;
  await user.click(dialog.getByRole("button", { name: "Try the refused again" }));
  await screen.findByText("250 records changed");
  expect(changed().map(({ id, version }) => [id, version])).toEqual([
    ["l-7", 7],
    ["l-8", 7],
    ["l-220", 7],
  ]);
});

test("all that were deleted come back some at a time, each in one request with others", async () => {
  held = 450;
  const job: BulkJob = {
    type: "leads",
    scope: { query: { q: "云" } },
    change: { kind: "delete" },
  };
  const control = { onProgress: () => undefined, isStopped: () => false };
  const { changed: gone } = await runBulk(job, control);
  batches.length = 0;
  refuse = (id) => (id === "l-9" ? "Its customer is in the trash" : null);
  const outcome = await runBulk(undoJob(job, gone) as BulkJob, control);
  expect(batches.map((batch) => batch.operations.length)).toEqual([200, 200, 50]);
  expect(changed()[449]).toEqual({ action: "restore", id: "l-449" });
  expect(outcome.changed).toHaveLength(449);
  expect(outcome.refused).toMatchObject([
    { target: { id: "l-9" }, reason: "Its customer is in the trash" },
  ]);
});

test("a run is stopped between two requests and says what was left", async () => {
  held = 600;
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  server.use(
    http.post("*/api/v1/leads/batch", async () => {
      await gate;
      const results = Array.from({ length: 200 }, (_, index) => ({ index, status: 200 }));
      return HttpResponse.json({ results });
    }),
  );
  const { user } = await chooseEverything();
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await user.click(
    within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Delete" }),
  );
  const panel = within(await screen.findByRole("region", { name: "Change of many records" }));
  await waitFor(() =>
    expect(panel.getByRole("progressbar").getAttribute("aria-label")).toBe("Changing records"),
  );
  await user.click(panel.getByRole("button", { name: "Stop" }));
  goOn();
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("not tried").parentElement?.textContent).toContain("400");
  expect(dialog.getByText("moved to the trash").parentElement?.textContent).toContain("200");
});

test("choosing another list forgets that everything was meant", async () => {
  held = 450;
  const { user } = await chooseEverything();
  await user.click(screen.getByRole("button", { name: "All" }));
  await waitFor(() => expect(screen.queryByText("All 450 selected")).toBeNull());
});

test("one field is set for the chosen rows, and only where it is wanted", async () => {
  held = 3;
  const { user } = await renderRouted(<Sample />);
  await screen.findByRole("grid", { name: "Leads" });
  await user.click(screen.getByRole("checkbox", { name: "Select Lead 0" }));
  await user.click(screen.getByRole("checkbox", { name: "Select Lead 2" }));
  await user.click(await screen.findByRole("button", { name: "Set field" }));
  await user.click(await screen.findByRole("combobox", { name: "Field" }));
  await user.click(await screen.findByRole("option", { name: "Rating" }));
  await user.click(await screen.findByRole("combobox", { name: "New value" }));
  await user.click(await screen.findByRole("option", { name: "Hot" }));
  await user.click(screen.getByRole("button", { name: "Set" }));
  await screen.findByText("2 records changed");
  expect(changed()).toMatchObject([
    { id: "l-0", data: { rating: "hot" } },
    { id: "l-2", data: { rating: "hot" } },
  ]);
});

test("what the rules had calculated is given back to them by undo, what somebody had said is not", async () => {
  held = 2;
  const { user } = await renderRouted(<Sample />);
  await screen.findByRole("grid", { name: "Leads" });
  await user.click(screen.getByRole("checkbox", { name: "Select Lead 0" }));
  await user.click(screen.getByRole("checkbox", { name: "Select Lead 1" }));
  await user.click(await screen.findByRole("button", { name: "Set field" }));
  await user.click(await screen.findByRole("combobox", { name: "Field" }));
  await user.click(await screen.findByRole("option", { name: "Rating" }));
  await user.click(await screen.findByRole("combobox", { name: "New value" }));
  await user.click(await screen.findByRole("option", { name: "Hot" }));
  await user.click(screen.getByRole("button", { name: "Set" }));
  await screen.findByText("2 records changed");
  batches.length = 0;
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("Undone for 2 records");
  expect(changed()).toMatchObject([
    { id: "l-0", data: { rating: null } },
    { id: "l-1", data: { rating: "warm" } },
  ]);
});

test("a busy server is asked again with the same key", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  busy = 2;
  const job: BulkJob = {
    type: "leads",
    scope: { targets: [{ id: "l-1", name: "Lead 1", version: 4 }] },
    change: { kind: "delete" },
  };
  const running = runBulk(job, { onProgress: () => undefined, isStopped: () => false });
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toHaveLength(1);
  });
  vi.useRealTimers();
  expect((await running).changed).toEqual([{ id: "l-1", name: "Lead 1", version: 5 }]);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

/** As wide as a phone. */
function onPhone() {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (media) =>
      ({
        media,
        matches: media.includes("width <"),
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
}

test("on a phone cards are ticked, some of them or all, and changed from the bar below", async () => {
  onPhone();
  held = 2;
  const { user } = await renderRouted(<Sample />);
  await screen.findByRole("link", { name: /Lead 0/ });
  const start = screen.getByRole("button", { name: "Select records" });
  expect(start.getAttribute("aria-pressed")).toBe("false");
  await user.click(start);
  expect(start.getAttribute("aria-pressed")).toBe("true");
  const first = screen.getByRole("checkbox", { name: "Select Lead 0" });
  await user.click(screen.getByText("Lead 0"));
  expect(first.getAttribute("aria-checked")).toBe("true");
  first.focus();
  await user.keyboard(" ");
  expect(first.getAttribute("aria-checked")).toBe("false");
  const bar = within(await screen.findByRole("region", { name: "Selected rows" }));
  expect(bar.getByRole("status").textContent).toBe("0 selected");
  expect(bar.queryByRole("button", { name: "Delete" })).toBeNull();
  await user.click(bar.getByRole("button", { name: "Select all 2 that match" }));
  expect(bar.getByRole("status").textContent).toBe("2 selected");
  await user.click(bar.getByRole("button", { name: "Delete" }));
  await screen.findByText("2 moved to the trash");
  expect(changed()).toMatchObject([{ action: "delete" }, { action: "delete" }]);
  expect(screen.queryByRole("checkbox", { name: /^Select / })).toBeNull();
});

test("on a phone all that match are chosen though only some are loaded", async () => {
  onPhone();
  held = 450;
  const { user } = await renderRouted(<Sample />);
  await user.click(await screen.findByRole("button", { name: "Select records" }));
  await user.click(await screen.findByRole("button", { name: "Select all 450 that match" }));
  expect(screen.getByText("All 450 selected")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Clear the selection" }));
  expect(await screen.findByRole("link", { name: /Lead 0/ })).toBeTruthy();
});

test("a finger that rests on a card begins to choose; one that moves on does not", async () => {
  onPhone();
  held = 2;
  await renderRouted(<Sample />);
  const card = await screen.findByRole("link", { name: /Lead 1/ });
  const touch = { pointerType: "touch", isPrimary: true, clientX: 40, clientY: 300 };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  fireEvent.pointerDown(card, touch);
  fireEvent.pointerMove(card, { ...touch, clientY: 330 });
  await act(() => vi.advanceTimersByTimeAsync(600));
  expect(screen.queryByRole("checkbox", { name: /^Select / })).toBeNull();
  fireEvent.pointerDown(card, touch);
  await act(() => vi.advanceTimersByTimeAsync(600));
  vi.useRealTimers();
  const chosen = await screen.findByRole("checkbox", { name: "Select Lead 1" });
  expect(chosen.getAttribute("aria-checked")).toBe("true");
});
