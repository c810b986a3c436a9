import createClient from "openapi-fetch";
import { currentLanguage } from "@/lib/i18n";
import { problemFrom, unreachable } from "./problem";
import { fetchWithSession } from "./session";

type Query = Record<string, string | number | boolean | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** The version the change is based on; sent as If-Match. */
  version?: number | undefined;
  /** Repeating a POST with the same key has no second effect; by default each call has its own. */
  idempotencyKey?: string;
}

type Method = "get" | "post" | "put" | "patch" | "delete";
type LooseClient = {
  request: (
    method: Method,
    path: string,
    init: Record<string, unknown>,
  ) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
};

const client = createClient<Record<string, never>>({
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
  // Looked up at each call, so that tests can stand in for the network.
  fetch: fetchWithSession,
}) as unknown as LooseClient;

/** What has been written from here. */
export interface Write {
  path: string;
  /** The version the change was based on. */
  version: number | undefined;
  /** What the server answered. */
  answer: unknown;
}

/** Writes of this tab: those under way, and who wants to know of those that are done. */
export const writing = { underWay: 0, onDone: undefined as ((write: Write) => void) | undefined };

function headersOf(method: Method, options: Options): Record<string, string> {
  const headers: Record<string, string> = { "Accept-Language": currentLanguage() };
  if (method === "post") headers["Idempotency-Key"] = options.idempotencyKey ?? crypto.randomUUID();
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  return headers;
}

async function write<T>(method: Method, path: string, options: Options): Promise<T> {
  writing.underWay += 1;
  try {
    const answer = await send<T>(method, path, options);
    writing.onDone?.({ path, version: options.version, answer });
    return answer;
  } finally {
    writing.underWay -= 1;
  }
}

async function send<T>(method: Method, path: string, options: Options): Promise<T> {
  const init = {
    headers: headersOf(method, options),
    params: { query: options.query },
    ...(options.body !== undefined && { body: options.body }),
    ...(options.signal && { signal: options.signal }),
  };
  const answer = await client.request(method, `/api/v1${path}`, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  });
  if (!answer.response.ok) throw problemFrom(answer.response, answer.error);
  return answer.data as T;
}

/** The published API under /api/v1. Every error answer is thrown as a Problem. */
export const api = {
  get: <T>(path: string, query: Query = {}, signal?: AbortSignal) =>
    send<T>("get", path, { query, signal }),
  post: <T>(path: string, body: unknown = {}, options: Omit<Options, "body"> = {}) =>
    write<T>("post", path, { ...options, body }),
  patch: <T>(path: string, body: unknown, version: number | undefined) =>
    write<T>("patch", path, { body, version }),
  put: <T = void>(path: string, body?: unknown, version?: number) =>
    write<T>("put", path, { body, version }),
  delete: <T = void>(path: string, options: Omit<Options, "body"> = {}) =>
    write<T>("delete", path, options),
};
