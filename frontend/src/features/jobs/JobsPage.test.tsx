import { screen, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Job } from "@/api/jobs";
import type { Me } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { job, me } from "@/test/samples";
import { JobsPage, type Whose } from "./JobsPage";

const server = setupServer();
let mine: Job[];
let asked: string[];
let user: Me;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  user = me();
  mine = [
    job("j-2", { status: "succeeded", progress: { done: 1, total: 1 }, position: null }),
    job("j-1", {
      status: "cancelled",
      progress: { done: 4, total: 12 },
      counts: { succeeded: 2, failed: 2, skipped: 0 },
      position: null,
    }),
  ];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(user)),
    http.get("*/api/v1/jobs", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query.toString());
      const hers = job("j-9", { created_by: { id: "u-bo", name: "Bo Chen" }, status: "failed" });
      const data = query.has("cursor")
        ? [job("j-0", { status: "failed", progress: { done: 7, total: 7 } })]
        : [...(query.get("all") === "true" ? [hers] : []), ...mine];
      const page = query.has("cursor")
        ? { limit: 25, has_more: false }
        : { limit: 25, has_more: true, next_cursor: "more" };
      return HttpResponse.json({ data, page });
    }),
  );
});

function Sample() {
  const [whose, setWhose] = useState<Whose>("mine");
  return <JobsPage whose={whose} onWhose={setWhose} />;
}

test("one's jobs stand with how far they are, each leads to its page, older ones follow", async () => {
  const { user: person, container } = await renderRouted(<Sample />);
  const list = within(await screen.findByRole("list", { name: "Jobs" }));
  const lines = list.getAllByRole("listitem");
  expect(lines).toHaveLength(2);
  expect(within(lines[0] as HTMLElement).getByText("Done")).toBeTruthy();
  expect(within(lines[1] as HTMLElement).getByText("4 of 12")).toBeTruthy();
  expect(within(lines[1] as HTMLElement).getByText(/ · 2 not converted$/)).toBeTruthy();
  expect(list.getByRole("link", { name: "Convert 12 leads" }).getAttribute("href")).toBe(
    "/jobs/j-1",
  );
  expect((await axe.run(container)).violations).toEqual([]);
  await person.click(screen.getByRole("button", { name: "Show older ones" }));
  expect(await list.findByRole("link", { name: "Convert 7 leads" })).toBeTruthy();
  expect(asked).toEqual(["limit=25", "limit=25&cursor=more"]);
});

test("who manages users sees everybody's, with their names", async () => {
  const { user: person } = await renderRouted(<Sample />);
  await person.click(await screen.findByRole("button", { name: "Everybody’s" }));
  expect(await screen.findByText(/^Bo Chen · /)).toBeTruthy();
  expect(asked.at(-1)).toContain("all=true");
});

test("others are not offered what they may not see; without jobs it is said how to begin one", async () => {
  user = me({ permissions: [] });
  mine = [];
  await renderRouted(<Sample />);
  expect(await screen.findByText("No jobs")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Everybody’s" })).toBeNull();
});
