import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Page, RecordByType, RecordType, SummaryRow, TrashEntry } from "./types";

/** What a list is asked for; `filter` is in the filter language of the API. */
export interface ListQuery {
  q?: string | undefined;
  filter?: string | undefined;
  sort?: string | undefined;
  count?: "none" | "capped" | "exact" | undefined;
}

const PAGE_SIZE = 100;

/** The keys of everything cached about one type of record. */
export const recordKeys = {
  every: ["records"] as const,
  all: (type: RecordType) => ["records", type] as const,
  lists: (type: RecordType) => ["records", type, "list"] as const,
  list: (type: RecordType, query: ListQuery) => ["records", type, "list", query] as const,
  summaries: (type: RecordType) => ["records", type, "summary"] as const,
  one: (type: RecordType, id: string) => ["records", type, "one", id] as const,
  timelines: (type: RecordType) => ["records", type, "timeline"] as const,
};

/** A list that grows as it is scrolled. */
export function recordListQuery<T extends RecordType>(type: T, query: ListQuery) {
  return infiniteQueryOptions({
    queryKey: recordKeys.list(type, query),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<RecordByType[T]>>(
        `/${type}`,
        // Counting once is enough; the pages that follow only need their rows.
        pageParam === null
          ? { ...query, limit: PAGE_SIZE }
          : { ...query, count: undefined, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.page.has_more ? (last.page.next_cursor ?? null) : null),
  });
}

/** Counts and sums by group, for facets, boards and footers. */
export function summaryQuery(
  type: RecordType,
  query: { group_by?: string; filter?: string | undefined; q?: string | undefined; sum?: string },
) {
  return queryOptions({
    queryKey: [...recordKeys.summaries(type), query] as const,
    queryFn: ({ signal }) => api.get<{ data: SummaryRow[] }>(`/${type}/summary`, query, signal),
    select: (answer) => answer.data,
  });
}

/** One record. */
export function recordQuery<T extends RecordType>(type: T, id: string) {
  return queryOptions({
    queryKey: recordKeys.one(type, id),
    queryFn: ({ signal }) => api.get<RecordByType[T]>(`/${type}/${id}`, {}, signal),
  });
}

/** Creates a record. */
export function createRecord<T extends RecordType>(
  type: T,
  data: Record<string, unknown>,
  idempotencyKey?: string,
) {
  return api.post<RecordByType[T]>(
    `/${type}`,
    data,
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );
}

/** Changes the given fields of the version the user saw; a newer one is a 412 Problem. */
export function updateRecord<T extends RecordType>(
  type: T,
  id: string,
  version: number,
  changes: Record<string, unknown>,
) {
  return api.patch<RecordByType[T]>(`/${type}/${id}`, changes, version);
}

/** Moves a record to the trash. */
export function deleteRecord(type: RecordType, id: string, version?: number) {
  return api.delete(`/${type}/${id}`, { version });
}

/** Takes a record out of the trash. */
export function restoreRecord<T extends RecordType>(type: T, id: string) {
  return api.post<RecordByType[T]>(`/${type}/${id}/restore`);
}

/** What can lie in the trash. */
export type TrashType = RecordType | "activities";

/** What lies in the trash, the last deleted first; at most 200 of each type. */
export function trashQuery(types: TrashType[]) {
  return queryOptions({
    queryKey: ["trash", types] as const,
    queryFn: ({ signal }) =>
      api.get<{ data: TrashEntry[] }>(
        "/trash",
        types.length > 0 ? { types: types.join(",") } : {},
        signal,
      ),
    select: (answer) => answer.data,
  });
}
