import { api } from "./client";
import { Problem } from "./problem";
import type { ListQuery } from "./records";
import type { BatchResult, Page, RecordType } from "./types";

/** What a bulk change must know of a record, and the members it was asked for. */
export interface BulkTarget {
  id: string;
  name: string;
  version: number;
  [member: string]: unknown;
}

/** One operation of a batch on a record that is there, or in the trash; only customers are moved to pools and back. */
export interface BulkOperation {
  action: "update" | "delete" | "restore" | "claim" | "allot" | "release";
  id: string;
  version?: number;
  data?: Record<string, unknown>;
}

/** As many operations as one request may hold. */
export const BATCH_SIZE = 200;
const PAGE_SIZE = 200;
const ATTEMPTS = 4;
const FIRST_PAUSE = 1_000;

function isPassing(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return error.code === "idempotency_in_progress" || [0, 429, 502, 503, 504].includes(error.status);
}

/** Asks again, each time after a longer pause, while the server is busy or out of reach. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** (attempt - 1)));
    }
  }
}

/** How many records a list holds, counted to the last. */
export async function countRecords(type: RecordType, query: ListQuery): Promise<number> {
  const { q, filter } = query;
  const answer = await api.get<Page<unknown>>(`/${type}`, {
    q,
    filter,
    fields: "id",
    limit: 1,
    count: "exact",
  });
  return answer.meta?.total ?? 0;
}

/** A page of everything a list holds, in an order that no change can disturb. */
export function targetPage(
  type: RecordType,
  query: ListQuery,
  members: string[],
  cursor: string | null,
) {
  return patiently(() =>
    api.get<Page<BulkTarget>>(`/${type}`, {
      q: query.q,
      filter: query.filter,
      sort: "number",
      fields: ["id", "name", ...members].join(","),
      limit: PAGE_SIZE,
      cursor: cursor ?? undefined,
    }),
  );
}

/** Some records as they are now; those that are gone are missing. */
export async function rereadTargets(type: RecordType, ids: string[], members: string[]) {
  const found: BulkTarget[] = [];
  for (let start = 0; start < ids.length; start += PAGE_SIZE) {
    const answer = await patiently(() =>
      api.post<Page<BulkTarget>>(`/${type}/search`, {
        filter: { field: "id", op: "in", value: ids.slice(start, start + PAGE_SIZE) },
        fields: ["id", "name", ...members].join(","),
        limit: PAGE_SIZE,
      }),
    );
    found.push(...answer.data);
  }
  return found;
}

/** Sends one batch; asked again, it has no second effect. */
export function sendBatch(type: RecordType, operations: BulkOperation[]): Promise<BatchResult[]> {
  const idempotencyKey = crypto.randomUUID();
  return patiently(async () => {
    const answer = await api.post<{ results: BatchResult[] }>(
      `/${type}/batch`,
      { atomic: false, operations },
      { idempotencyKey },
    );
    return answer.results;
  });
}
