import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Favourite } from "@/api/at-hand";
import type { About } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { lead } from "@/test/samples";
import { FavouriteButton } from "./FavouriteButton";
import { FavouriteRail } from "./FavouriteRail";
import { Favourites } from "./Favourites";

const server = setupServer();
let stored: Favourite[];
let asked: string[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const favourite = (type: About["type"], id: string, name: string | null): Favourite => ({
  record: { type, id, name },
  created_at: "2026-11-20T08:00:00Z",
});

beforeEach(() => {
  stored = [];
  asked = [];
  server.use(
    http.get("*/api/v1/me/favourites", () => HttpResponse.json({ data: stored })),
    http.put("*/api/v1/me/favourites/:type/:id", ({ params }) => {
      asked.push(`put ${params.type} ${params.id}`);
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete("*/api/v1/me/favourites/:type/:id", ({ params }) => {
      asked.push(`delete ${params.type} ${params.id}`);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const refuse = (status: number, code: string) =>
  server.use(
    http.put("*/api/v1/me/favourites/:type/:id", () =>
      HttpResponse.json({ code, title: "Refused", detail: "Try again later" }, { status }),
    ),
  );

async function star() {
  const view = await renderRouted(
    <>
      <FavouriteButton type="lead" record={lead("l-1")} />
      <FavouriteRail isNarrow={false} />
    </>,
  );
  const button = await screen.findByRole("button", { name: "Favourite" });
  await waitFor(() => expect(button).toHaveProperty("disabled", false));
  const isPressed = () => button.getAttribute("aria-pressed");
  return { ...view, button, isPressed };
}

test("a star is set at once, stands in the rail, and is taken away by the key S", async () => {
  const { user, button, isPressed, container } = await star();
  expect(isPressed()).toBe("false");
  expect(screen.queryByRole("list", { name: "Favourites" })).toBeNull();
  await user.click(button);
  expect(isPressed()).toBe("true");
  const rail = within(await screen.findByRole("list", { name: "Favourites" }));
  expect(rail.getByRole("link", { name: "Lead 王小明" }).getAttribute("href")).toBe("/leads/l-1");
  expect((await axe.run(container)).violations).toEqual([]);
  button.blur();
  await user.keyboard("s");
  await waitFor(() => expect(isPressed()).toBe("false"));
  await waitFor(() => expect(asked).toEqual(["put lead l-1", "delete lead l-1"]));
});

test("a refused star goes out again, and the reason is told", async () => {
  refuse(503, "unavailable");
  const { user, button, isPressed } = await star();
  await user.click(button);
  expect((await screen.findAllByText("Try again later")).length).toBeGreaterThan(0);
  expect(isPressed()).toBe("false");
});

test("when there are as many favourites as may be, that is said", async () => {
  refuse(409, "limit_reached");
  const { user, button, isPressed } = await star();
  await user.click(button);
  expect((await screen.findAllByText(/^You have 100 favourites/)).length).toBeGreaterThan(0);
  expect(isPressed()).toBe("false");
});

test("the rail leaves out what may no longer be seen, and stays folded when it was", async () => {
  stored = [favourite("customer", "c-1", "云栖餐饮"), favourite("lead", "l-9", null)];
  const first = await renderRouted(<FavouriteRail isNarrow={false} />);
  const links = within(await screen.findByRole("list", { name: "Favourites" })).getAllByRole(
    "link",
  );
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["/customers/c-1"]);
  await first.user.click(screen.getByRole("button", { name: "Favourites", expanded: true }));
  first.unmount();
  await renderRouted(<FavouriteRail isNarrow={false} />);
  await screen.findByRole("button", { name: "Favourites", expanded: false });
  expect(screen.queryByRole("link")).toBeNull();
});

test("a narrow rail opens them from one star", async () => {
  stored = [favourite("opportunity", "o-1", "二期扩容")];
  const { user } = await renderRouted(<FavouriteRail isNarrow />);
  await user.click(await screen.findByRole("button", { name: "Favourites" }));
  const link = await screen.findByRole("link", { name: "Opportunity 二期扩容" });
  expect(link.getAttribute("href")).toBe("/opportunities/o-1");
});

test("home lists them all; what may no longer be seen can still be taken away", async () => {
  stored = [favourite("customer", "c-1", "云栖餐饮"), favourite("lead", "l-9", null)];
  const { user, container } = await renderRouted(<Favourites />);
  expect(await screen.findByRole("link", { name: "Customer 云栖餐饮" })).toBeTruthy();
  const unseen = /A record you can no longer see out/;
  await user.click(screen.getByRole("button", { name: unseen }));
  await waitFor(() => expect(asked).toEqual(["delete lead l-9"]));
  await waitFor(() => expect(screen.queryByRole("button", { name: unseen })).toBeNull());
  expect((await axe.run(container)).violations).toEqual([]);
});
