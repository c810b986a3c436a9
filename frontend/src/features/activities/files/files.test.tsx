import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { SentFile } from "@/api/files";
import * as files from "@/api/files";
import { Problem, unreachable } from "@/api/problem";
import { render } from "@/test/render";
import { renderRouted } from "@/test/routed";
import { activity, me } from "@/test/samples";
import { Composer } from "../Composer";
import { EditActivity } from "../EditActivity";
import { iconOf, sizeWords } from "./file-words";

const server = setupServer();
let posted: Record<string, unknown>[];
let deleted: string[];

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());
beforeEach(() => {
  posted = [];
  deleted = [];
  server.use(
    http.get("*/api/v1/me", () => HttpResponse.json(me())),
    http.get("*/api/v1/activity-templates", () => HttpResponse.json({ data: [] })),
    http.post("*/api/v1/activities", async ({ request }) => {
      posted.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json(activity("a-9"), { status: 201 });
    }),
    http.delete("*/api/v1/files/:id", ({ params }) => {
      deleted.push(String(params.id));
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const about = { type: "lead" as const, id: "l-1", name: "王小明" };
const file = (name: string, content: BlobPart = name) =>
  new File([content], name, { type: "text/plain" });

function sentFile({ name, size }: File): SentFile {
  return {
    id: `f-${name}`,
    name,
    media_type: "text/plain",
    size,
    sha256: "0",
    href: `/api/v1/files/f-${name}/content`,
    activity_id: null,
    created_at: new Date().toISOString(),
    created_by: "u-amy",
  };
}

/** The sending of files, as slow as a test wants it. */
function slowly() {
  const calls: {
    name: string;
    key: string;
    signal: AbortSignal;
    progress: (share: number) => void;
    arrive: () => void;
    fail: (problem: Problem) => void;
  }[] = [];
  vi.spyOn(files, "sendFile").mockImplementation(
    (sent, { signal, idempotencyKey: key, onProgress: progress }) =>
      new Promise((resolve, reject) => {
        const arrive = () => resolve(sentFile(sent));
        calls.push({ name: sent.name, key, signal, progress, arrive, fail: reject });
        signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      }),
  );
  return calls;
}

const atOnce = () => vi.spyOn(files, "sendFile").mockImplementation(async (f) => sentFile(f));

async function open() {
  const view = await renderRouted(<Composer about={about} />);
  const composer = within(await screen.findByRole("region", { name: /^Write down/ }));
  const box = () => composer.getByRole("textbox", { name: "Note" });
  await view.user.click(box());
  return { ...view, composer, box };
}

const transfer = (all: File[], types = ["Files"]) => ({ files: all, items: [], types });

async function drop(box: HTMLElement, ...all: File[]) {
  await act(async () => {
    fireEvent.drop(box, { dataTransfer: transfer(all) });
  });
}

test("two are sent at a time; saving waits for all of them", async () => {
  const calls = slowly();
  const { user, composer, box } = await open();
  await user.type(box(), "with files");
  await drop(box(), file("a.txt"), file("b.txt"), file("c.txt"));
  expect(calls.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
  act(() => calls[0]?.progress(0.42));
  const bar = composer.getByRole("progressbar", { name: "Sending a.txt" });
  expect(bar.getAttribute("aria-valuenow")).toBe("42");
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(composer.getByText(/^Saved as soon as/)).toBeTruthy();
  expect(posted).toEqual([]);
  await act(async () => calls[1]?.arrive());
  await act(async () => calls[0]?.arrive());
  expect(calls.map(({ name }) => name)).toEqual(["a.txt", "b.txt", "c.txt"]);
  expect(posted).toEqual([]);
  await act(async () => calls[2]?.arrive());
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toMatchObject({
    body: "with files",
    attachments: ["f-b.txt", "f-a.txt", "f-c.txt"],
  });
  await waitFor(() => expect(composer.queryByRole("list", { name: "Attachments" })).toBeNull());
});

test("what is refused says why at itself; what may go better is sent again, under another key", async () => {
  const calls = slowly();
  const { user, composer, box } = await open();
  await user.type(box(), "x");
  await drop(box(), file("lie.pdf"), file("busy.txt"), file("empty.txt", ""));
  expect(composer.getByText("The file is empty.")).toBeTruthy();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await act(async () =>
    calls[0]?.fail(new Problem(422, { code: "file_type_mismatch", title: "It is a picture" })),
  );
  await act(async () => calls[1]?.fail(new Problem(503, { code: "unavailable", title: "Busy" })));
  expect(composer.getAllByRole("alert").map(({ textContent }) => textContent)).toEqual([
    "It is a picture",
    "Busy",
    "The file is empty.",
  ]);
  expect(posted).toEqual([]);
  expect(composer.queryByRole("button", { name: "Send lie.pdf again" })).toBeNull();
  await user.click(composer.getByRole("button", { name: "Send busy.txt again" }));
  expect(calls[2]?.name).toBe("busy.txt");
  expect(calls[2]?.key).not.toBe(calls[1]?.key);
  await act(async () => calls[2]?.arrive());
  await user.click(composer.getByRole("button", { name: "Remove lie.pdf" }));
  await user.click(composer.getByRole("button", { name: "Remove empty.txt" }));
  expect(composer.queryByRole("alert")).toBeNull();
});

test("what did not arrive for want of a network is sent again under its key", async () => {
  const calls = slowly();
  const { user, composer, box } = await open();
  await drop(box(), file("a.txt"));
  await act(async () => calls[0]?.fail(unreachable()));
  expect(composer.getByRole("alert").textContent).toMatch(/did not arrive/);
  await user.click(composer.getByRole("button", { name: "Send a.txt again" }));
  expect(calls[1]?.key).toBe(calls[0]?.key);
});

test("too many and too large are not sent at all", async () => {
  const sending = atOnce();
  const { composer, box } = await open();
  const large = file("large.bin");
  Object.defineProperty(large, "size", { value: files.MAX_FILE_BYTES + 1 });
  await drop(box(), large, ...Array.from({ length: 21 }, (_, n) => file(`${n}.txt`)));
  await waitFor(() => expect(sending).toHaveBeenCalledTimes(20));
  expect(composer.getAllByRole("alert").map(({ textContent }) => textContent)).toEqual([
    "Files of up to 25 MB can be attached.",
    "At most 20 files can be attached.",
  ]);
});

test("what is on its way is given up, what has arrived is thrown away at the server", async () => {
  const calls = slowly();
  const { user, composer, box } = await open();
  await drop(box(), file("a.txt"), file("b.txt"));
  await act(async () => calls[1]?.arrive());
  await user.click(composer.getByRole("button", { name: "Remove a.txt" }));
  expect(calls[0]?.signal.aborted).toBe(true);
  await user.click(composer.getByRole("button", { name: "Remove b.txt" }));
  await waitFor(() => expect(deleted).toEqual(["f-b.txt"]));
  expect(composer.queryByRole("listitem")).toBeNull();
});

test("leaving the page gives up what is on its way", async () => {
  const calls = slowly();
  const { unmount, box } = await open();
  await drop(box(), file("a.txt"));
  unmount();
  expect(calls[0]?.signal.aborted).toBe(true);
});

test("pictures are pasted; text with a picture of it stays text; a link that is dropped is no file", async () => {
  const sending = atOnce();
  const { composer, box } = await open();
  const clipboardData = transfer([file("cells.png")], ["text/plain", "Files"]);
  fireEvent.paste(box(), { clipboardData });
  fireEvent.drop(box(), { dataTransfer: transfer([], ["text/uri-list"]) });
  expect(sending).not.toHaveBeenCalled();
  fireEvent.paste(box(), { clipboardData: transfer([file("image.png")]) });
  await composer.findByRole("button", { name: "Remove image.png" });
});

test("a draft keeps what has arrived for a day, and says what it no longer has", async () => {
  atOnce();
  const first = await open();
  await drop(first.box(), file("a.txt"));
  await first.composer.findByRole("button", { name: "Remove a.txt" });
  first.unmount();
  const [key = ""] = Object.keys(localStorage);
  const again = await open();
  expect(again.composer.getByRole("button", { name: "Remove a.txt" })).toBeTruthy();
  again.unmount();
  const old = new Date(Date.now() - 25 * 3_600_000).toISOString();
  const kept = String(localStorage.getItem(key)).replace(
    /"created_at":"[^"]+"/,
    `"created_at":"${old}"`,
  );
  localStorage.setItem(key, kept);
  const late = await open();
  expect(late.composer.getByText(/attach again: a\.txt$/)).toBeTruthy();
  expect(late.composer.queryByRole("button", { name: "Remove a.txt" })).toBeNull();
});

test("what the server has no longer is dropped and named, and the rest can be saved", async () => {
  atOnce();
  server.use(
    http.post(
      "*/api/v1/activities",
      () =>
        HttpResponse.json(
          {
            code: "validation_failed",
            title: "Not valid",
            errors: [{ pointer: "/attachments/0", code: "not_found", detail: "Not found" }],
          },
          { status: 422 },
        ),
      { once: true },
    ),
  );
  const { user, composer, box } = await open();
  await user.type(box(), "x");
  await drop(box(), file("a.txt"));
  await drop(box(), file("b.txt"));
  await composer.findByRole("button", { name: "Remove b.txt" });
  await user.click(composer.getByRole("button", { name: /^Save/ }));
  await composer.findByText(/attach again: a\.txt$/);
  expect(composer.queryByRole("alert")).toBeNull();
  await user.click(composer.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toMatchObject({ attachments: ["f-b.txt"] });
});

const attachments = ["one.pdf", "two.zip"].map((name) => ({
  id: `f-${name}`,
  name,
  media_type: "application/pdf",
  size: 1536,
  href: `/api/v1/files/f-${name}/content`,
}));

test("the form of an activity takes files out and in, and keeps nothing when it is given up", async () => {
  atOnce();
  const patched: unknown[] = [];
  const note = activity("a-1", { kind: "note", status: "done", body: "x", attachments });
  server.use(
    http.patch("*/api/v1/activities/a-1", async ({ request }) => {
      patched.push(await request.json());
      return HttpResponse.json(note);
    }),
  );
  const onClose = vi.fn();
  const { user } = render(<EditActivity activity={note} onClose={onClose} />);
  const form = within(await screen.findByRole("dialog"));
  await user.click(form.getByRole("button", { name: "Remove one.pdf" }));
  await drop(form.getByRole("textbox", { name: "Note" }), file("new.txt"));
  await form.findByRole("button", { name: "Remove new.txt" });
  await user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(patched).toEqual([{ attachments: ["f-two.zip", "f-new.txt"] }]));
  // What was attached before is nobody's to throw away here.
  expect(deleted).toEqual([]);
  await user.click(form.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(deleted).toEqual(["f-new.txt"]));
});

test("chips and refusals have no accessibility violations", async () => {
  const calls = slowly();
  const { container, composer, box } = await open();
  await drop(box(), file("a.txt"), file("b.txt"), file("empty.txt", ""));
  await act(async () => calls[0]?.arrive());
  await act(async () => calls[1]?.fail(new Problem(503, { title: "Busy" })));
  await composer.findByText("Busy");
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("sizes and signs of files", () => {
  expect([12, 2048, 1_572_864].map((size) => sizeWords(size, "en"))).toEqual([
    "12 byte",
    "2 kB",
    "1.5 MB",
  ]);
  const signs = ["application/pdf", "image/png", "application/zip", "application/x-foo"].map(
    iconOf,
  );
  expect(new Set(signs).size).toBe(4);
});
