import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { api } from "./client";
import { asProblem, Problem } from "./problem";
import { onSignedOut } from "./session";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  localStorage.removeItem("rapport.refreshed_at");
});
afterAll(() => server.close());

test("a POST has an idempotency key and a change names its version", async () => {
  const seen: Record<string, string | null>[] = [];
  const keep = ({ request }: { request: Request }) => {
    seen.push({
      key: request.headers.get("idempotency-key"),
      match: request.headers.get("if-match"),
      language: request.headers.get("accept-language"),
    });
    return HttpResponse.json({ id: "1" });
  };
  server.use(http.post("*/api/v1/leads", keep), http.patch("*/api/v1/leads/1", keep));
  await api.post("/leads", { name: "x" });
  await api.post("/leads", { name: "x" }, { idempotencyKey: "fixed" });
  await api.patch("/leads/1", { name: "y" }, 7);
  expect(seen[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
  expect(seen[1]?.key).toBe("fixed");
  expect(seen[2]).toEqual({ key: null, match: '"7"', language: "en" });
});

test("a problem document becomes a Problem with field errors", async () => {
  server.use(
    http.post("*/api/v1/leads", () =>
      HttpResponse.json(
        {
          code: "validation_failed",
          title: "Invalid",
          status: 422,
          request_id: "req-9",
          errors: [
            { pointer: "/email", code: "invalid_value", detail: "Not an address" },
            { pointer: "/estimated_amount/amount", code: "invalid_value", detail: "Too large" },
          ],
        },
        { status: 422, headers: { "content-type": "application/problem+json" } },
      ),
    ),
  );
  const problem = await api.post("/leads", {}).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  if (!(problem instanceof Problem)) return;
  expect([problem.status, problem.code, problem.requestId]).toEqual([
    422,
    "validation_failed",
    "req-9",
  ]);
  expect(problem.fieldErrors()).toEqual({
    email: "Not an address",
    "estimated_amount.amount": "Too large",
  });
});

test("a lost network is a problem too, in plain words and not in the browser's", async () => {
  server.use(http.get("*/api/v1/me", () => HttpResponse.error()));
  const said = { title: "The server cannot be reached", detail: undefined };
  await expect(api.get("/me")).rejects.toMatchObject({ status: 0, code: "network", ...said });
});

test("a part of the page that cannot be loaded is the network's fault, a mistake of the page is not", () => {
  const missing = new TypeError("Failed to fetch dynamically imported module: /assets/board.js");
  expect(asProblem(missing)).toMatchObject({ code: "network", detail: undefined });
  const mistake = asProblem(new TypeError("x is not a function"));
  expect(mistake).toMatchObject({ code: "page", detail: "x is not a function" });
  expect(mistake.title).not.toBe(asProblem(missing).title);
});

test("many expired requests refresh the session once and are sent again with their bodies", async () => {
  let refreshed = 0;
  const bodies: unknown[] = [];
  server.use(
    http.post("*/api/v1/auth/refresh", () => {
      refreshed += 1;
      return HttpResponse.json({ expires_in: 600 });
    }),
    http.post("*/api/v1/leads", async ({ request }) => {
      if (refreshed === 0) return new HttpResponse(null, { status: 401 });
      bodies.push(await request.json());
      return HttpResponse.json({ id: "1" });
    }),
  );
  await Promise.all([api.post("/leads", { n: 1 }), api.post("/leads", { n: 2 })]);
  expect(refreshed).toBe(1);
  expect(bodies).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));
});

test("a session that cannot be refreshed has ended", async () => {
  const ended = vi.fn();
  const stop = onSignedOut(ended);
  server.use(
    http.post("*/api/v1/auth/refresh", () => new HttpResponse(null, { status: 401 })),
    http.get("*/api/v1/me", () => new HttpResponse(null, { status: 401 })),
  );
  await expect(api.get("/me")).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledOnce();
  stop();
});

test("a wrong password does not try to refresh", async () => {
  server.use(
    http.post("*/api/v1/auth/login", () =>
      HttpResponse.json({ code: "invalid_credentials" }, { status: 401 }),
    ),
  );
  await expect(api.post("/auth/login", {})).rejects.toMatchObject({ code: "invalid_credentials" });
});
