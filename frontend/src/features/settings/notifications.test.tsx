import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { NotificationSettings } from "@/api/notifications";
import { renderRouted } from "@/test/routed";
import { me } from "@/test/samples";
import { SettingsPage } from "./SettingsPage";

const server = setupServer();
const both = { inbox: true, digest: true };
const all: NotificationSettings["kinds"] = {
  mentioned: both,
  assigned: both,
  handed_over: both,
  task_due: both,
  opportunity_slow: both,
  opportunity_stale: both,
  opportunity_escalated: both,
  customer_release_soon: both,
  customer_released: both,
  job_finished: both,
};
let stored: NotificationSettings;
let sent: { body: Record<string, unknown>; version: string | null }[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  sent = [];
  stored = {
    kinds: all,
    quiet_hours: null,
    digest: "off",
    digest_at: "08:00",
    has_mail: false,
    version: 3,
  };
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me({ permissions: [] }))),
    http.get("*/api/v1/me/notification-settings", () => HttpResponse.json(stored)),
    http.put("*/api/v1/me/notification-settings", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      sent.push({ body, version: request.headers.get("if-match") });
      stored = { ...stored, ...body, version: stored.version + 1 };
      return HttpResponse.json(stored);
    }),
  );
});

async function open() {
  const view = await renderRouted(<SettingsPage section="notifications" />);
  await screen.findByRole("heading", { name: "What I am told" });
  return view;
}

const save = () => screen.getByRole("button", { name: "Save" });

test("everybody chooses what they are told of; what the page does not show is kept", async () => {
  const { user, container } = await open();
  await user.click(screen.getByRole("checkbox", { name: "A record or a task is given to me" }));
  await user.click(save());
  await screen.findAllByText("Saved");
  const kinds = { ...all, assigned: { inbox: false, digest: true } };
  expect(sent).toEqual([
    { body: { kinds, quiet_hours: null, digest: "off", digest_at: "08:00" }, version: '"3"' },
  ]);
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("without a mail server there is no word of a digest", async () => {
  await open();
  expect(screen.queryByRole("heading", { name: "E-mail digest" })).toBeNull();
});

test("a digest comes daily at a time, of what one chooses", async () => {
  stored = { ...stored, has_mail: true };
  const { user, container } = await open();
  expect(screen.queryByLabelText("At")).toBeNull();
  await user.click(screen.getByRole("radio", { name: "Every day" }));
  fireEvent.change(screen.getByLabelText("At"), { target: { value: "07:30" } });
  const which = within(screen.getByRole("group", { name: "What stands in it" }));
  await user.click(which.getByRole("checkbox", { name: "Something of mine is due" }));
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await user.click(save());
  const kinds = { ...stored.kinds, task_due: { inbox: true, digest: false } };
  await waitFor(() =>
    expect(sent[0]?.body).toEqual({
      kinds,
      quiet_hours: null,
      digest: "daily",
      digest_at: "07:30",
    }),
  );
  await screen.findAllByText("Saved");
  await user.click(screen.getByRole("radio", { name: "Never" }));
  expect(screen.queryByRole("group", { name: "What stands in it" })).toBeNull();
});

test("quiet hours begin with the night and are set to other times", async () => {
  const { user } = await open();
  expect(screen.queryByLabelText("From")).toBeNull();
  await user.click(screen.getByRole("checkbox", { name: "Keep quiet every day" }));
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "20:30" } });
  await user.click(save());
  await waitFor(() => expect(sent[0]?.body.quiet_hours).toEqual({ start: "20:30", end: "08:00" }));
  await screen.findAllByText("Saved");
  await user.click(screen.getByRole("checkbox", { name: "Keep quiet every day" }));
  await user.click(save());
  await waitFor(() =>
    expect(sent[1]).toMatchObject({ body: { quiet_hours: null }, version: '"4"' }),
  );
});

test("hours that are refused are marked, what somebody changed meanwhile is read again", async () => {
  stored = { ...stored, quiet_hours: { start: "22:00", end: "22:00" } };
  const refuse = (status: number, body: object) =>
    server.use(
      http.put("*/api/v1/me/notification-settings", () => HttpResponse.json(body, { status }), {
        once: true,
      }),
    );
  const { user } = await open();
  const errors = [{ pointer: "/quiet_hours/end", code: "invalid_value", detail: "Not the same" }];
  refuse(422, { code: "validation_failed", title: "Not valid", errors });
  await user.click(save());
  await screen.findByText("Not the same");
  expect(screen.getByLabelText("to").getAttribute("aria-invalid")).toBe("true");
  stored = { ...stored, quiet_hours: { start: "23:00", end: "06:00" }, version: 9 };
  refuse(412, { code: "version_conflict", title: "Changed meanwhile" });
  await user.click(save());
  await screen.findAllByText("Changed meanwhile");
  await waitFor(() => expect(screen.getByLabelText("From")).toHaveProperty("value", "23:00"));
  expect(sent).toEqual([]);
});
