import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sendFile } from "./files";
import { asProblem } from "./problem";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const file = new File(["%PDF-1.7"], "报价 & 合同.pdf", { type: "application/pdf" });
const send = (signal = new AbortController().signal) =>
  sendFile(file, { signal, idempotencyKey: "k-1", onProgress: () => undefined });

test("a file is sent as it is, under its name and with its key", async () => {
  const seen: unknown[] = [];
  server.use(
    http.post("*/api/v1/files", ({ request }) => {
      const { searchParams } = new URL(request.url);
      const { headers } = request;
      seen.push([
        searchParams.get("name"),
        searchParams.get("type"),
        headers.get("content-type"),
        headers.get("idempotency-key"),
        headers.get("accept-language"),
      ]);
      return HttpResponse.json({ id: "f-1" }, { status: 201 });
    }),
  );
  expect(await send()).toEqual({ id: "f-1" });
  expect(seen).toEqual([[file.name, "application/pdf", "application/octet-stream", "k-1", "en"]]);
});

test("a refusal is a problem with its code and words", async () => {
  server.use(
    http.post("*/api/v1/files", () =>
      HttpResponse.json({ code: "file_type_refused", title: "No programs" }, { status: 422 }),
    ),
  );
  const problem = asProblem(await send().catch((error: unknown) => error));
  expect([problem.status, problem.code, problem.title]).toEqual([
    422,
    "file_type_refused",
    "No programs",
  ]);
});

test("a session that has run out is refreshed, and the file sent once more", async () => {
  let sent = 0;
  server.use(
    http.post("*/api/v1/files", () => {
      sent += 1;
      return sent === 1
        ? HttpResponse.json({ code: "unauthenticated" }, { status: 401 })
        : HttpResponse.json({ id: "f-2" }, { status: 201 });
    }),
    http.post("*/api/v1/auth/refresh", () => HttpResponse.json({})),
  );
  expect(await send()).toEqual({ id: "f-2" });
  expect(sent).toBe(2);
});

test("no network is a problem of its own, and giving up is none", async () => {
  server.use(http.post("*/api/v1/files", () => HttpResponse.error()));
  expect(asProblem(await send().catch((error: unknown) => error)).status).toBe(0);
  const controller = new AbortController();
  const given = send(controller.signal).catch((error: unknown) => error);
  controller.abort();
  expect(await given).toBeInstanceOf(DOMException);
});
