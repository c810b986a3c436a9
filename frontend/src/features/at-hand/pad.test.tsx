import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { StickyNote } from "@/api/at-hand";
import type { About } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { me } from "@/test/samples";
import type { Log } from "./Pad";
import { PadButton } from "./PadButton";

const server = setupServer();
const about: About = { type: "lead", id: "l-1", name: "王小明" };
let stored: StickyNote[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

beforeEach(() => {
  stored = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/me/sticky-notes", () => HttpResponse.json({ data: stored })),
    http.post("*/api/v1/me/sticky-notes", async ({ request }) => {
      const input = (await request.json()) as Partial<StickyNote>;
      const now = "2026-11-20T08:00:00Z";
      const made = { version: 1, created_at: now, updated_at: now, ...input } as StickyNote;
      stored = [made, ...stored];
      return HttpResponse.json(made, { status: 201 });
    }),
    http.delete("*/api/v1/me/sticky-notes/:id", ({ params }) => {
      stored = stored.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

test("P opens the pad; what is noted is saved about the record, and Escape gives the focus back", async () => {
  const { user, baseElement } = await renderRouted(<PadButton about={about} onLog={vi.fn()} />);
  await screen.findByRole("button", { name: "Scratch pad" });
  await user.keyboard("p");
  await screen.findByRole("dialog", { name: "Scratch pad" });
  const area = await screen.findByRole("textbox", { name: "New note" });
  await waitFor(() => expect(document.activeElement).toBe(area));
  await user.keyboard("Wants two lines");
  expect(
    (await axe.run(baseElement, { rules: { region: { enabled: false } } })).violations,
  ).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(stored).toHaveLength(1));
  expect(stored[0]).toMatchObject({ body: "Wants two lines", about: { type: "lead", id: "l-1" } });
  const button = await screen.findByRole("button", { name: "Scratch pad, 1 note" });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(button.getAttribute("aria-expanded")).toBe("false");
});

test("the pad is logged as a call, and once that is posted the note can be thrown away", async () => {
  const onLog = vi.fn<Log>();
  const { user } = await renderRouted(<PadButton about={about} onLog={onLog} />);
  await user.click(await screen.findByRole("button", { name: "Scratch pad" }));
  await user.type(await screen.findByRole("textbox", { name: "New note" }), "Wants two lines");
  await user.click(await screen.findByRole("button", { name: "Log as call" }));
  await waitFor(() => expect(onLog).toHaveBeenCalledOnce());
  expect(onLog.mock.calls[0]?.slice(0, 2)).toEqual(["call", "Wants two lines"]);
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(stored).toHaveLength(1);
  onLog.mock.calls[0]?.[2]();
  await user.click(await screen.findByRole("button", { name: /^Throw the note away/ }));
  await waitFor(() => expect(stored).toEqual([]));
});

test("notes about other records are not on this pad", async () => {
  const other = { id: "n-2", body: "Elsewhere", colour: "blue", version: 1 } as StickyNote;
  stored = [{ ...other, about: { type: "lead", id: "l-2", name: "Bo" } }];
  const { user } = await renderRouted(<PadButton about={about} onLog={vi.fn()} />);
  await user.click(await screen.findByRole("button", { name: "Scratch pad" }));
  expect(await screen.findAllByRole("textbox")).toHaveLength(1);
});
