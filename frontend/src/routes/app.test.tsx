import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { setOverlay } from "@/features/shell/overlay";
import { createQueryClient } from "@/lib/query";
import { activity, lead, me } from "@/test/samples";
import { ToastProvider } from "@/ui/Toast";
import { createAppRouter } from "./router";

let isSignedIn = true;
let isNew = false;
const written: { path: string; body: unknown }[] = [];

const page = (data: unknown[]) => ({ data, page: { limit: 100, has_more: false } });
const unauthenticated = () =>
  HttpResponse.json({ code: "unauthenticated", title: "Sign in" }, { status: 401 });

const server = setupServer(
  http.get("*/api/v1/setup", () => HttpResponse.json({ required: isNew })),
  http.get("*/api/v1/me", () => (isSignedIn ? HttpResponse.json(me()) : unauthenticated())),
  http.patch("*/api/v1/me", () => HttpResponse.json(me())),
  http.post("*/api/v1/auth/refresh", () => unauthenticated()),
  http.post("*/api/v1/auth/login", async ({ request }) => {
    const body = (await request.json()) as { password: string };
    if (body.password !== "rapport-demo") {
      const problem = { code: "invalid_credentials", title: "No", detail: "Wrong password" };
      return HttpResponse.json(problem, { status: 401 });
    }
    isSignedIn = true;
    return HttpResponse.json({ user: me() });
  }),
  http.post("*/api/v1/auth/logout", () => {
    isSignedIn = false;
    return new HttpResponse(null, { status: 204 });
  }),
  http.post("*/api/v1/setup", async ({ request }) => {
    written.push({ path: "/setup", body: await request.json() });
    isNew = false;
    isSignedIn = true;
    return HttpResponse.json({}, { status: 201 });
  }),
  http.get("*/api/v1/search", ({ request }) => {
    const q = new URL(request.url).searchParams.get("q");
    const hit = { type: "lead", id: "l-1", number: 1, name: "云栖餐饮", detail: null, owner: null };
    return HttpResponse.json({ data: q === "云栖" ? [hit] : [] });
  }),
  http.get("*/api/v1/me/sessions", () =>
    HttpResponse.json({
      data: [
        {
          id: "s-1",
          kind: "web",
          created_at: "2026-11-01T08:00:00Z",
          last_used_at: "2026-11-01T08:00:00Z",
          user_agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0",
          ip: "10.0.0.1",
          is_current: false,
        },
      ],
    }),
  ),
  http.delete("*/api/v1/me/sessions/:id", ({ params }) => {
    written.push({ path: `/me/sessions/${params.id}`, body: null });
    return new HttpResponse(null, { status: 204 });
  }),
  ...["favourites", "sticky-notes"].map((what) =>
    http.get(`*/api/v1/me/${what}`, () => HttpResponse.json({ data: [] })),
  ),
  http.get("*/api/v1/me/notifications/count", () =>
    HttpResponse.json({ unread: 0, is_quiet: false }),
  ),
  http.get("*/api/v1/trash", () => HttpResponse.json(page([]))),
  http.get("*/api/v1/:configured", ({ params }) =>
    HttpResponse.json(
      ["lead-statuses", "sources", "pipelines"].includes(String(params.configured))
        ? { data: [] }
        : page([]),
    ),
  ),
  http.get("*/api/v1/users/directory", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/:type/summary", () => HttpResponse.json({ data: [] })),
  http.get("*/api/v1/:type/:id/timeline", () => HttpResponse.json(page([]))),
  http.get("*/api/v1/leads/l-1/assignment", () => HttpResponse.json({ data: null, earlier: 0 })),
  http.get("*/api/v1/leads/l-1", () => HttpResponse.json(lead("l-1", { name: "云栖餐饮" }))),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  setOverlay(null);
});
afterAll(() => server.close());
beforeEach(() => {
  isSignedIn = true;
  isNew = false;
  written.length = 0;
  localStorage.removeItem("rapport.recents");
  localStorage.removeItem("rapport.refreshed_at");
});

function open(path: string) {
  const client = createQueryClient();
  const router = createAppRouter(client, createMemoryHistory({ initialEntries: [path] }));
  render(
    <QueryClientProvider client={client}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), path: () => router.state.location.pathname };
}

const loaded = { timeout: 5_000 };

test("who is not signed in signs in and arrives where they wanted to go", async () => {
  isSignedIn = false;
  const { user, path } = open("/customers?status=x");
  const email = await screen.findByRole("textbox", { name: "E-mail" }, loaded);
  await user.type(email, "amy@example.com");
  await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe("Wrong password");
  await user.clear(screen.getByLabelText("Password"));
  await user.type(screen.getByLabelText("Password"), "rapport-demo{Enter}");
  await screen.findByRole("heading", { level: 1, name: "Customers" }, loaded);
  expect(path()).toBe("/customers");
});

test("the first run makes the administrator", async () => {
  isSignedIn = false;
  isNew = true;
  const { user, path } = open("/");
  await screen.findByRole("textbox", { name: "Organisation" }, loaded);
  expect(path()).toBe("/setup");
  await user.type(screen.getByRole("textbox", { name: /Setup token/ }), "abc");
  await user.type(screen.getByRole("textbox", { name: "Organisation" }), "示例科技");
  await user.type(screen.getByRole("textbox", { name: "Your name" }), "陈思远");
  await user.type(screen.getByRole("textbox", { name: "E-mail" }), "admin@example.com");
  await user.type(screen.getByLabelText("Password"), "short");
  await user.click(screen.getByRole("button", { name: "Create the administrator" }));
  await screen.findByText("A password needs at least 12 characters");
  await user.type(screen.getByLabelText("Password"), " but long enough");
  await user.click(screen.getByRole("radio", { name: /Sample data/ }));
  await user.click(screen.getByRole("button", { name: "Create the administrator" }));
  await screen.findByRole("navigation", { name: "Main navigation" }, loaded);
  expect(written[0]?.body).toMatchObject({
    token: "abc",
    organisation_name: "示例科技",
    admin: { name: "陈思远", email: "admin@example.com", password: "short but long enough" },
    language: "en",
    sample_data: true,
  });
});

test("the palette finds records and commands by keyboard alone", async () => {
  const { user, path } = open("/trash");
  await screen.findByRole("heading", { level: 1, name: "Trash" }, loaded);
  await user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox", { name: /Search or run/ }, loaded);
  await user.type(box, "云栖");
  await screen.findByRole("option", { name: /云栖餐饮/ });
  await user.keyboard("{Enter}");
  await waitFor(() => expect(path()).toBe("/leads/l-1"));
  await screen.findByRole("heading", { level: 1, name: "云栖餐饮" }, loaded);
  await user.keyboard("{Control>}k{/Control}");
  const again = await screen.findByRole("combobox", { name: /Search or run/ });
  expect(await screen.findByText("Recently opened")).toBeTruthy();
  await user.type(again, ">go to contacts{Enter}");
  await screen.findByRole("heading", { level: 1, name: "Contacts" }, loaded);
});

test("keys go to places, and ? shows them all", async () => {
  const { user, path } = open("/trash");
  await screen.findByRole("heading", { level: 1, name: "Trash" }, loaded);
  await user.keyboard("gl");
  await waitFor(() => expect(path()).toBe("/leads"));
  await user.keyboard("gt");
  await screen.findByRole("heading", { level: 1, name: "My day" }, loaded);
  expect(path()).toBe("/tasks");
  await user.keyboard("{Shift>}?{/Shift}");
  const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" }, loaded);
  expect(within(sheet).getByText("Go to")).toBeTruthy();
});

test("the guide is reached from the user's menu and from the sheet of shortcuts", async () => {
  const { user, path } = open("/trash");
  await screen.findByRole("heading", { level: 1, name: "Trash" }, loaded);
  await user.click(await screen.findByRole("button", { name: /Account of/ }));
  await user.click(await screen.findByRole("menuitem", { name: "User guide" }));
  await screen.findByRole("heading", { level: 1, name: "User guide" }, loaded);
  expect(path()).toBe("/help");
  await user.keyboard("gl");
  await waitFor(() => expect(path()).toBe("/leads"));
  await user.keyboard("{Shift>}?{/Shift}");
  const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" }, loaded);
  await user.click(within(sheet).getByRole("link", { name: "User guide" }));
  await waitFor(() => expect(path()).toBe("/help"));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("T writes a task down wherever one is, about whichever record", async () => {
  server.use(
    http.post("*/api/v1/activities", async ({ request }) => {
      const body = (await request.json()) as object;
      written.push({ path: "/activities", body });
      return HttpResponse.json({ ...activity("a-1"), ...body, name: "Call back" }, { status: 201 });
    }),
  );
  const { user } = open("/trash");
  await screen.findByRole("heading", { level: 1, name: "Trash" }, loaded);
  await user.keyboard("t");
  const dialog = await screen.findByRole("dialog", { name: "New task" }, loaded);
  await user.type(within(dialog).getByRole("combobox", { name: /^About/ }), "云栖");
  await user.click(await screen.findByRole("option", { name: /云栖餐饮/ }));
  await user.type(
    within(dialog).getByRole("textbox", { name: /What is to be done/ }),
    "Call back{Control>}{Enter}{/Control}",
  );
  await waitFor(() => expect(dialog.isConnected).toBe(false));
  expect(written[0]?.body).toMatchObject({
    kind: "task",
    name: "Call back",
    about: [{ type: "lead", id: "l-1" }],
  });
  await screen.findByText("Noted: Call back");
});

test("sessions are listed and ended; signing out leads to the sign-in page", async () => {
  const { user, path } = open("/trash");
  await screen.findByRole("heading", { level: 1, name: "Trash" }, loaded);
  await user.click(await screen.findByRole("button", { name: /Account of/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Profile and sessions" }));
  await screen.findByRole("heading", { level: 2, name: "Profile" }, loaded);
  expect(path()).toBe("/settings/profile");
  await user.click(await screen.findByRole("button", { name: "Sign out Chrome · Windows" }));
  await waitFor(() => expect(written).toEqual([{ path: "/me/sessions/s-1", body: null }]));
  await user.click(await screen.findByRole("button", { name: /Account of/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await waitFor(() => expect(path()).toBe("/sign-in"));
});

test("the language changes at once, and with it the page", async () => {
  const { user } = open("/trash");
  await screen.findByRole("heading", { level: 1, name: "Trash" }, loaded);
  await user.click(screen.getByRole("button", { name: /切换到中文/ }));
  await screen.findByRole("heading", { level: 1, name: "回收站" });
  expect(document.documentElement.lang).toBe("zh-CN");
});

test("an address that leads nowhere says so", async () => {
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  open("/no/such/page");
  expect(await screen.findByText("There is no such page", undefined, loaded)).toBeTruthy();
});

test("a server that cannot be reached is said in plain words", async () => {
  server.use(http.get("*/api/v1/me", () => HttpResponse.error()));
  vi.spyOn(console, "error").mockReturnValue(undefined);
  open("/leads");
  expect((await screen.findByRole("alert", undefined, loaded)).textContent).toContain(
    "The server cannot be reached",
  );
});

test.each([
  ["on its page", "/leads/l-1"],
  ["beside its list", "/leads?peek=l-1"],
])("a lead says %s why it has its owner, and can be given by rule", async (_place, address) => {
  const { user } = open(address);
  await user.click(await screen.findByRole("button", { name: "Why me?" }));
  const layer = await screen.findByRole("dialog", { name: "Why me?" });
  expect(await within(layer).findByText(/^No rule has chosen here/)).toBeTruthy();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "More" }));
  expect(await screen.findByRole("menuitem", { name: "Assign by rule" })).toBeTruthy();
});

test("leads nobody has are a view of their own", async () => {
  const asked: (string | null)[] = [];
  server.use(
    http.get("*/api/v1/leads", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("filter"));
      return HttpResponse.json(page([lead("l-2", { owner_id: null, owner: null })]));
    }),
  );
  const { user } = open("/leads");
  await user.click(await screen.findByRole("button", { name: "Unassigned" }));
  await waitFor(() => expect(asked).toContain("owner_id IS NULL"));
});
