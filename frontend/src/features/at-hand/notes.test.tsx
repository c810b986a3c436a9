import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type StickyNote, stickyNotesQuery } from "@/api/at-hand";
import { renderRouted } from "@/test/routed";
import { me } from "@/test/samples";
import { Notes } from "./Notes";

const server = setupServer();
let stored: StickyNote[];
let sent: { method: string; body: unknown }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const note = (id: string, values: Partial<StickyNote> = {}): StickyNote => ({
  id,
  body: "Budget is decided in March",
  colour: "yellow",
  about: null,
  version: 1,
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  ...values,
});

async function hear(request: Request) {
  const body = request.method === "DELETE" ? null : await request.json();
  sent.push({ method: request.method, body });
  return body as Partial<StickyNote>;
}

beforeEach(() => {
  stored = [note("n-1")];
  sent = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/me/sticky-notes", () => HttpResponse.json({ data: stored })),
    http.post("*/api/v1/me/sticky-notes", async ({ request }) => {
      const made = note("n-new", await hear(request));
      stored = [made, ...stored];
      return HttpResponse.json(made, { status: 201 });
    }),
    http.patch("*/api/v1/me/sticky-notes/:id", async ({ request, params }) => {
      const changes = await hear(request);
      const old = stored.find(({ id }) => id === params.id) ?? note("n-1");
      if (request.headers.get("if-match") !== `"${old.version}"`) {
        const problem = { code: "version_conflict", title: "Changed meanwhile", current: old };
        return HttpResponse.json(problem, { status: 412 });
      }
      const now = { ...old, ...changes, version: old.version + 1 };
      stored = stored.map((one) => (one.id === old.id ? now : one));
      return HttpResponse.json(now);
    }),
    http.delete("*/api/v1/me/sticky-notes/:id", async ({ request, params }) => {
      await hear(request);
      stored = stored.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const written = () => screen.findByRole("textbox", { name: "Text of the note" });
const blank = () => screen.findByRole("textbox", { name: "New note" });
/** What is put off by a moment has been done. */
const settled = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));
const bodies = () => sent.map(({ method, body }) => [method, body]);

test("what is typed is saved once the typing pauses, blanks and all the rest kept", async () => {
  const { user, container } = await renderRouted(<Notes />);
  await user.type(await written(), "! ");
  await waitFor(() => expect(sent).toHaveLength(1), { timeout: 3_000 });
  expect(bodies()).toEqual([["PATCH", { body: "Budget is decided in March!" }]]);
  await user.type(await written(), "Ask Bo");
  await user.tab();
  await waitFor(() => expect(stored[0]?.body).toBe("Budget is decided in March! Ask Bo"));
  expect(stored[0]?.version).toBe(3);
  expect(localStorage.length).toBe(0);
  expect((await axe.run(container)).violations).toEqual([]);
});

test("a new note is one paper from the first letter on, and the next comes when it is left", async () => {
  stored = [];
  const { user } = await renderRouted(<Notes />);
  const area = await blank();
  await user.type(area, "Call the bank");
  await waitFor(() => expect(stored).toHaveLength(1), { timeout: 3_000 });
  expect(document.activeElement).toBe(area);
  expect(screen.getAllByRole("textbox")).toHaveLength(1);
  await user.type(area, " today");
  area.blur();
  await waitFor(() => expect(stored[0]?.body).toBe("Call the bank today"));
  expect(await blank()).toHaveProperty("value", "");
  expect(bodies().map(([method]) => method)).toEqual(["POST", "PATCH"]);
});

test("a saved paper stays where it is while its buttons are pressed, and moves on when it is left", async () => {
  stored = [];
  const { user } = await renderRouted(<Notes />);
  await user.type(await blank(), "Call the bank");
  await waitFor(() => expect(stored).toHaveLength(1), { timeout: 3_000 });
  const papers = () =>
    screen.getAllByRole("article").map((paper) => paper.getAttribute("aria-label"));
  const colour = screen.getByRole("button", { name: /^Colour/ });
  await user.pointer({ keys: "[MouseLeft>]", target: colour });
  await settled();
  expect(papers()).toEqual(["Call the bank"]);
  await user.pointer({ keys: "[/MouseLeft]", target: colour });
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Pink" }));
  await waitFor(() => expect(stored[0]?.colour).toBe("pink"));
  await user.keyboard("{Escape}");
  await settled();
  expect(papers()).toEqual(["Call the bank"]);
  await user.pointer({ keys: "[MouseLeft>]", target: document.body });
  await settled();
  expect(papers()).toEqual(["Call the bank"]);
  await user.pointer({ keys: "[/MouseLeft]", target: document.body });
  await waitFor(() => expect(papers()).toEqual(["New note", "Call the bank"]));
});

test("a struck out paper is thrown away once, also by its own button", async () => {
  const { user } = await renderRouted(<Notes />);
  await user.clear(await written());
  await user.click(screen.getByRole("button", { name: "Throw the note away" }));
  await waitFor(() => expect(stored).toEqual([]));
  await settled();
  expect(bodies()).toEqual([["DELETE", null]]);
  expect(await screen.findAllByText("The note was thrown away")).toHaveLength(1);
});

test("what could not be saved is kept and said, also for the next visit", async () => {
  const busy = { code: "unavailable", title: "Busy", detail: "Try again later" };
  server.use(
    http.patch("*/api/v1/me/sticky-notes/:id", () => HttpResponse.json(busy, { status: 503 })),
  );
  const first = await renderRouted(<Notes />);
  await first.user.type(await written(), " or April");
  await first.user.tab();
  expect((await screen.findByRole("alert")).textContent).toMatch(/kept.*Try again later/);
  first.unmount();
  const again = await renderRouted(<Notes />);
  expect(await written()).toHaveProperty("value", "Budget is decided in March or April");
  await screen.findByRole("alert");
  server.resetHandlers();
  server.use(
    http.patch("*/api/v1/me/sticky-notes/:id", async ({ request }) =>
      HttpResponse.json(note("n-1", { ...(await hear(request)), version: 2 })),
    ),
  );
  await again.user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(bodies()).toEqual([["PATCH", { body: "Budget is decided in March or April" }]]);
});

async function differ() {
  const view = await renderRouted(<Notes />);
  await typeElsewhere(view.user, " by Amy");
  return { ...view, layer: within(await screen.findByRole("alert")) };
}

async function typeElsewhere(user: Awaited<ReturnType<typeof renderRouted>>["user"], text: string) {
  const area = await written();
  stored = [note("n-1", { body: "Budget was decided", version: 2 })];
  await user.type(area, text);
  await user.tab();
}

test.each([
  ["Keep both", "Budget is decided in March by Amy\n\nBudget was decided", 3],
  ["Keep mine", "Budget is decided in March by Amy", 3],
  ["Take the other", "Budget was decided", 2],
])("two texts of one note are both shown: %s", async (choice, body, version) => {
  const { user, layer } = await differ();
  expect(layer.getByText("Budget was decided")).toBeTruthy();
  expect(await written()).toHaveProperty("value", "Budget is decided in March by Amy");
  await user.click(layer.getByRole("button", { name: choice }));
  await waitFor(() => expect(stored[0]).toMatchObject({ body, version }));
  expect(await written()).toHaveProperty("value", body);
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(localStorage.length).toBe(0);
});

test("a colour chosen here does not contradict a text written there", async () => {
  const { user } = await renderRouted(<Notes />);
  await written();
  stored = [note("n-1", { body: "Budget was decided", version: 2 })];
  const [, paper] = screen.getAllByRole("article");
  await user.click(within(paper as HTMLElement).getByRole("button", { name: /^Colour/ }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Pink" }));
  await waitFor(() => expect(stored[0]).toMatchObject({ colour: "pink", version: 3 }));
  expect(stored[0]?.body).toBe("Budget was decided");
});

test("a note is thrown away at once; undo writes the same again", async () => {
  stored = [note("n-1", { colour: "green", about: { type: "lead", id: "l-1", name: "王小明" } })];
  const { user } = await renderRouted(<Notes />);
  expect((await screen.findByRole("link", { name: "Lead 王小明" })).getAttribute("href")).toBe(
    "/leads/l-1",
  );
  await user.click(screen.getByRole("button", { name: "Throw the note away" }));
  await waitFor(() => expect(stored).toEqual([]));
  expect(screen.queryByRole("textbox", { name: "Text of the note" })).toBeNull();
  await user.click(await screen.findByRole("button", { name: /^Undo/ }));
  await waitFor(() => expect(stored).toHaveLength(1));
  expect(sent.at(-1)?.body).toEqual({
    body: "Budget is decided in March",
    colour: "green",
    about: { type: "lead", id: "l-1" },
  });
  await written();
});

test("a note on which everything is struck out is thrown away when it is left", async () => {
  const { user } = await renderRouted(<Notes />);
  await user.clear(await written());
  await user.tab();
  await waitFor(() => expect(stored).toEqual([]));
  expect(await screen.findByText("The note was thrown away")).toBeTruthy();
});

test("what another page writes is shown where nothing is being typed", async () => {
  const { client } = await renderRouted(<Notes />);
  await written();
  stored = [note("n-1", { body: "Decided", version: 2 }), note("n-2", { body: "Second" })];
  await client.invalidateQueries(stickyNotesQuery());
  await waitFor(() => expect(screen.getAllByRole("textbox")).toHaveLength(3));
  expect(screen.getByDisplayValue("Decided")).toBeTruthy();
});

test("a note that is thrown away elsewhere while it is written here goes on as a new one", async () => {
  server.use(
    http.patch("*/api/v1/me/sticky-notes/:id", () => {
      stored = [];
      return HttpResponse.json({ code: "not_found", title: "Gone" }, { status: 404 });
    }),
  );
  const { user } = await renderRouted(<Notes />);
  await user.type(await written(), " or April");
  await user.tab();
  await waitFor(() => expect(stored).toHaveLength(1));
  expect(stored[0]).toMatchObject({
    body: "Budget is decided in March or April",
    colour: "yellow",
  });
  expect(screen.queryByRole("alert")).toBeNull();
});
