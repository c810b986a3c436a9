import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Board, MoveRequest } from "@/api/board";
import type { Opportunity } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { board, column, me, opportunity, pipeline, stages } from "@/test/samples";
import { type BoardAddress, BoardPage } from "./BoardPage";
import { placeCard } from "./model";

// Nothing scrolls without a layout, and the package says so for every column.
vi.mock("@atlaskit/pragmatic-drag-and-drop-auto-scroll/element", () => ({
  autoScrollForElements: () => () => undefined,
}));

const server = setupServer();
let state: Board;
let moves: { id: string; request: MoveRequest }[];

const address: BoardAddress = {
  q: "",
  view: "all",
  sort: "",
  chosen: {},
  peek: null,
  pipeline: null,
  hasEnds: false,
};

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function find(id: string): Opportunity {
  const card = state.data.flatMap((of) => of.records).find((record) => record.id === id);
  if (!card) throw new Error(id);
  return card;
}

function refuse(id: string, body: object): void {
  server.use(
    http.post(
      `*/api/v1/opportunities/${id}/move`,
      async ({ request }) => {
        moves.push({ id, request: (await request.json()) as MoveRequest });
        return HttpResponse.json(body, { status: 422 });
      },
      { once: true },
    ),
  );
}

beforeEach(() => {
  moves = [];
  state = board([
    opportunity("a", "s-new"),
    opportunity("b", "s-new", { expected_close_on: "2020-01-01" }),
    opportunity("c", "s-quote"),
    opportunity("l", "s-lost", { lost_reason: "price" }),
  ]);
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline()] })),
    http.get("*/api/v1/opportunities/board", () => HttpResponse.json(state)),
    http.get("*/api/v1/opportunities/summary", () => HttpResponse.json({ data: [] })),
    http.get("*/api/v1/:kind", () => HttpResponse.json({ data: [] })),
    http.get("*/api/v1/users/directory", () => HttpResponse.json({ data: [] })),
    http.post("*/api/v1/opportunities/:id/move", async ({ params, request }) => {
      const id = String(params.id);
      const body = (await request.json()) as MoveRequest;
      moves.push({ id, request: body });
      state = placeCard(state, find(id), {
        stageId: body.stage_id,
        beforeId: body.before_id ?? undefined,
        afterId: body.after_id ?? undefined,
      });
      return HttpResponse.json(find(id));
    }),
  );
});

async function open(values: Partial<BoardAddress> = {}) {
  const onAddress = vi.fn();
  const view = await renderRouted(
    <BoardPage address={{ ...address, ...values }} onAddress={onAddress} />,
  );
  await screen.findByRole("link", { name: "Deal a" });
  return { ...view, onAddress };
}

const cards = (name: string) =>
  within(screen.getByRole("region", { name, hidden: true }))
    .queryAllByRole("link", { hidden: true })
    .map((link) => link.textContent);

test("columns show count, sum and weighted sum of the server, cards what matters", async () => {
  await open();
  const fresh = screen.getByRole("region", { name: "New" });
  expect(fresh.textContent).toContain("¥2K");
  expect(fresh.textContent).toContain("Weighted¥200");
  expect(within(fresh).getByText("Customer a")).toBeTruthy();
  expect(within(fresh).getByText(/d overdue/)).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Won" })).toBeNull();
  expect(screen.getByText("3 records")).toBeTruthy();
});

test("a card says when its next step is due, and where none is planned", async () => {
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  state = board([
    opportunity("a", "s-new", { next_activity_at: at(-2) }),
    opportunity("b", "s-new", { next_activity_at: at(0) }),
    opportunity("c", "s-quote", { next_activity_at: at(1) }),
    opportunity("d", "s-quote"),
    opportunity("l", "s-lost", { lost_reason: "price" }),
  ]);
  await open({ hasEnds: true });
  const step = (id: string) =>
    screen.getByRole("link", { name: `Deal ${id}` }).closest("li")?.textContent;
  expect(step("a")).toContain("Next activity:2 days overdue");
  expect(step("b")).toContain("Next activity:Today");
  expect(step("c")).toContain("Next activity:Tomorrow");
  expect(step("d")).toContain("No next step");
  expect(step("l")).not.toContain("No next step");
});

test("M opens the menu of a card; choosing a stage moves it at once and undo moves it back", async () => {
  const { user } = await open();
  screen.getByRole("link", { name: "Deal a" }).focus();
  await user.keyboard("m");
  await user.click(await screen.findByRole("menuitem", { name: "Quoted" }));
  await waitFor(() => expect(cards("Quoted")).toEqual(["Deal a", "Deal c"]));
  expect(moves).toEqual([{ id: "a", request: { stage_id: "s-quote", before_id: "c" } }]);
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole("link", { name: "Deal a" })),
  );
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(cards("New")).toEqual(["Deal a", "Deal b"]));
  expect(moves[1]?.request).toEqual({ stage_id: "s-new", before_id: "b", reason: "undo" });
});

test("the arrows walk over the board", async () => {
  const { user } = await open();
  screen.getByRole("link", { name: "Deal a" }).focus();
  await user.keyboard("{ArrowDown}");
  expect(document.activeElement?.textContent).toBe("Deal b");
  await user.keyboard("{ArrowRight}");
  expect(document.activeElement?.textContent).toBe("Deal c");
  await user.keyboard("{ArrowLeft}");
  expect(document.activeElement?.textContent).toBe("Deal a");
});

test("moving down within the column names the neighbour and says nothing", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Move Deal a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Move down" }));
  await waitFor(() => expect(cards("New")).toEqual(["Deal b", "Deal a"]));
  expect(moves[0]?.request).toEqual({ stage_id: "s-new", after_id: "b" });
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("losing asks for the reason before anything is sent; other needs a note", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Move Deal a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Lost" }));
  const dialog = await screen.findByRole("dialog", { name: "Why was it lost?" });
  await user.click(within(dialog).getByRole("button", { name: "Mark as lost" }));
  expect(within(dialog).getByRole("alert").textContent).toBe("Needed here");
  await user.click(within(dialog).getByRole("radio", { name: "Other" }));
  await user.click(within(dialog).getByRole("button", { name: "Mark as lost" }));
  expect(moves).toEqual([]);
  await user.type(within(dialog).getByRole("textbox"), "Moved abroad");
  await user.click(within(dialog).getByRole("button", { name: "Mark as lost" }));
  await waitFor(() => expect(moves).toHaveLength(1));
  expect(moves[0]?.request).toMatchObject({
    stage_id: "s-lost",
    lost_reason: "other",
    lost_note: "Moved abroad",
  });
});

test("what a stage requires is asked for and sent with the move; the card waits where it was", async () => {
  const { user } = await open();
  refuse("a", {
    code: "stage_requirements",
    title: "The stage needs more",
    errors: [
      { pointer: "/fields/amount", code: "required" },
      { pointer: "/fields/next_step", code: "required" },
    ],
  });
  await user.click(screen.getByRole("button", { name: "Move Deal a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Quoted" }));
  const dialog = await screen.findByRole("dialog", { name: "Before it enters Quoted" });
  expect(cards("Quoted")).toEqual(["Deal c"]);
  await user.type(within(dialog).getByRole("textbox", { name: /^Amount/ }), "8.5万");
  await user.type(within(dialog).getByRole("textbox", { name: /^Next step/ }), "Call");
  await user.click(within(dialog).getByRole("button", { name: "Move" }));
  await waitFor(() => expect(cards("Quoted")).toEqual(["Deal a", "Deal c"]));
  expect(moves[1]?.request).toEqual({
    stage_id: "s-quote",
    before_id: "c",
    fields: { amount: { amount: "85000", currency: "CNY" }, next_step: "Call" },
  });
});

test("opening a closed one again asks why", async () => {
  const { user } = await open({ hasEnds: true });
  await user.click(screen.getByRole("button", { name: "Move Deal l" }));
  await user.click(await screen.findByRole("menuitem", { name: "New" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox"), "They came back");
  await user.click(within(dialog).getByRole("button", { name: "Move" }));
  await waitFor(() => expect(cards("New")).toContain("Deal l"));
  expect(moves[0]?.request.reason).toBe("They came back");
});

test("a refused move goes back and says why", async () => {
  const { user } = await open();
  refuse("a", { code: "validation_failed", title: "No", detail: "Somebody deleted it" });
  await user.click(screen.getByRole("button", { name: "Move Deal a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Quoted" }));
  expect((await screen.findAllByText("Somebody deleted it")).length).toBeGreaterThan(0);
  await waitFor(() => expect(cards("New")).toEqual(["Deal a", "Deal b"]));
});

test("a card dragged onto another lands beside it", async () => {
  await open();
  const [dragged, target] = ["Deal a", "Deal c"].map((name) => {
    const card = screen.getByRole("link", { name }).closest("li");
    if (!card) throw new Error(name);
    return card;
  });
  if (!dragged || !target) return;
  const point = { clientX: 5, clientY: 5, dataTransfer: new DataTransfer() };
  fireEvent.dragStart(dragged, point);
  expect(await screen.findByRole("region", { name: "Close the opportunity" })).toBeTruthy();
  fireEvent.dragEnter(target, point);
  fireEvent.dragOver(target, point);
  fireEvent.drop(target, point);
  await waitFor(() => expect(moves).toHaveLength(1));
  expect(moves[0]).toEqual({ id: "a", request: { stage_id: "s-quote", after_id: "c" } });
  await waitFor(() => expect(cards("Quoted")).toEqual(["Deal c", "Deal a"]));
});

test("filters and search are those of the list, save what the columns say themselves", async () => {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get("*/api/v1/opportunities/board", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(state);
    }),
  );
  const { onAddress, user } = await open({
    q: "云栖",
    view: "won",
    chosen: { stage_id: ["s-new"], owner_id: ["u-amy"] },
  });
  expect([asked[0]?.get("filter"), asked[0]?.get("q"), asked[0]?.get("pipeline_id")]).toEqual([
    'owner_id IN ("u-amy")',
    "云栖",
    "p-1",
  ]);
  await user.click(screen.getByRole("button", { name: "Mine" }));
  expect(onAddress).toHaveBeenCalledWith({ view: "mine" });
});

test("a long column shows more when asked, and keeps it when the board is read again", async () => {
  const first = stages[0];
  if (!first) return;
  const more = column(first, [opportunity("a", "s-new")], { count: 2, next_cursor: "next" });
  state = { data: [more, ...state.data.slice(1)] };
  server.use(
    http.get("*/api/v1/opportunities", ({ request }) => {
      const params = new URL(request.url).searchParams;
      expect([params.get("stage_id"), params.get("sort"), params.get("cursor")]).toEqual([
        "s-new",
        "board_rank",
        "next",
      ]);
      return HttpResponse.json({
        data: [opportunity("z", "s-new")],
        page: { limit: 50, has_more: false },
      });
    }),
  );
  const { user, client } = await open();
  await user.click(screen.getByRole("button", { name: "Show 1 more" }));
  await waitFor(() => expect(cards("New")).toEqual(["Deal a", "Deal z"]));
  await client.invalidateQueries({ queryKey: ["records", "opportunities"] });
  expect(cards("New")).toEqual(["Deal a", "Deal z"]);
});

test("a card one may not edit cannot be moved", async () => {
  state = board([
    opportunity("a", "s-new", { can: { edit: false, delete: false, assign: false } }),
  ]);
  await open();
  expect(screen.queryByRole("button", { name: "Move Deal a" })).toBeNull();
});

test("the board has no accessibility violations", async () => {
  const { container } = await open({ hasEnds: true });
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((violation) => [violation.id, violation.nodes[0]?.html])).toEqual([]);
});
