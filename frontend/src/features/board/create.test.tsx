import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { QuickCreate } from "@/features/records/QuickCreate";
import { openQuickCreate } from "@/features/records/quick-create";
import { renderRouted } from "@/test/routed";
import { me, opportunity, pipeline } from "@/test/samples";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test("an opportunity created in a column stands in its stage", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/pipelines", () => HttpResponse.json({ data: [pipeline()] })),
    http.get("*/api/v1/*", () => HttpResponse.json({ data: [], page: { has_more: false } })),
    http.post("*/api/v1/opportunities", async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json(opportunity("new", "s-quote"), { status: 201 });
    }),
  );
  const { user } = await renderRouted(<QuickCreate />);
  act(() =>
    openQuickCreate("opportunities", {
      pipeline_id: "p-1",
      stage_id: "s-quote",
      customer_id: "c-1",
      customer: { id: "c-1", name: "Acme" },
    }),
  );
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(await dialog.findByRole("textbox", { name: /^Name/ }), "Ten tills");
  await user.click(dialog.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]).toMatchObject({
    name: "Ten tills",
    pipeline_id: "p-1",
    stage_id: "s-quote",
    customer_id: "c-1",
  });
  expect(bodies[0]).not.toHaveProperty("customer");
});
