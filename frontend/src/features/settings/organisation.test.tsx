import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Organisation } from "@/api/types";
import { renderRouted } from "@/test/routed";
import { me } from "@/test/samples";
import { SettingsPage } from "./SettingsPage";

const server = setupServer();
let stored: Organisation;
let sent: { body: Partial<Organisation>; version: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  sent = [];
  stored = me().organisation;
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me({ organisation: stored }))),
    http.get("*/api/v1/organisation", () => HttpResponse.json(stored)),
    http.patch("*/api/v1/organisation", async ({ request }) => {
      const body = (await request.json()) as Partial<Organisation>;
      sent.push({ body, version: request.headers.get("if-match") });
      stored = { ...stored, ...body, version: stored.version + 1 };
      return HttpResponse.json(stored);
    }),
  );
});

const field = (name: string) => screen.findByRole("textbox", { name });
const hours = () => field("Hours to answer a new lead");
const days = () => field("Days until the manager is told");
const save = () => screen.getByRole("button", { name: "Save" });

test("the organisation answers its leads within hours and tells managers after days, or sets no time", async () => {
  const { user, container } = await renderRouted(<SettingsPage section="organisation" />);
  for (const [find, typed] of [
    [hours, "8h"],
    [days, "0"],
  ] as const) {
    await user.clear(await find());
    await user.type(await find(), typed);
  }
  await user.click(save());
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    version: '"1"',
    body: {
      name: "Acme",
      currency: "CNY",
      language: "en",
      time_zone: "Asia/Shanghai",
      lead_response_hours: 8,
      stale_grace_days: 0,
    },
  });
  await screen.findAllByText("Saved");
  await user.clear(await hours());
  await user.clear(await days());
  await user.click(save());
  await waitFor(() =>
    expect(sent[1]).toMatchObject({
      version: '"2"',
      body: { lead_response_hours: null, stale_grace_days: null },
    }),
  );
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("what is refused is said at the field, and stays as it was typed", async () => {
  const detail = "Must be between 1 and 720";
  server.use(
    http.patch("*/api/v1/organisation", () =>
      HttpResponse.json(
        {
          code: "validation_failed",
          title: "Not valid",
          errors: [{ pointer: "/lead_response_hours", code: "invalid_value", detail }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user } = await renderRouted(<SettingsPage section="organisation" />);
  await user.clear(await hours());
  await user.type(await hours(), "9000");
  await user.click(save());
  expect(await screen.findByText(detail)).toBeTruthy();
  expect(await hours()).toHaveProperty("value", "9000");
});
