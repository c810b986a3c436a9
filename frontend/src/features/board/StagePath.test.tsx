import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { renderRouted } from "@/test/routed";
import { opportunity, pipeline, stage } from "@/test/samples";
import { StagePath } from "./StagePath";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test("the path says where it stands and moves it; the stage's wishes are asked for", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get("*/api/v1/pipelines", () =>
      HttpResponse.json({
        data: [
          pipeline({
            stages: [
              stage("s-new", { name: "New" }),
              stage("s-quote", { name: "Quoted", position: 2 }),
              stage("s-won", { name: "Won", category: "won", position: 3 }),
            ],
          }),
        ],
      }),
    ),
    http.post("*/api/v1/opportunities/a/move", async ({ request }) => {
      sent.push(await request.json());
      return sent.length === 1
        ? HttpResponse.json(
            {
              code: "stage_requirements",
              errors: [{ pointer: "/fields/competitor", code: "required" }],
            },
            { status: 422 },
          )
        : HttpResponse.json(opportunity("a", "s-quote"));
    }),
  );
  const { user } = await renderRouted(
    <StagePath opportunity={opportunity("a", "s-new", { stale: "yellow" })} />,
  );
  const path = await screen.findByRole("navigation", { name: "Stages" });
  expect(within(path).getByRole("button", { current: "step" }).textContent).toContain("New");
  expect(within(path).getByText("Longer than planned")).toBeTruthy();
  await user.click(within(path).getByRole("button", { name: "Quoted" }));
  const dialog = await screen.findByRole("dialog", { name: "Before it enters Quoted" });
  await user.type(within(dialog).getByRole("textbox", { name: /Competitor/ }), "Acme");
  await user.click(within(dialog).getByRole("button", { name: "Move" }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent).toEqual([
    { stage_id: "s-quote" },
    { stage_id: "s-quote", fields: { competitor: "Acme" } },
  ]);
});
