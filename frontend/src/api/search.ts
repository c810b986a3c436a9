import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { RecordType, Schemas, SearchHit } from "./types";

/** The types that have pages; what is found stands in this order. */
const EVERY_TYPE: RecordType[] = ["customers", "contacts", "leads", "opportunities"];

/** Records of all types by characters, pinyin, words or numbers. */
export function searchQuery(q: string, types = EVERY_TYPE, limit = 20) {
  return queryOptions({
    queryKey: ["search", q, types, limit] as const,
    queryFn: ({ signal }) =>
      api.get<{ data: SearchHit[] }>("/search", { q, types: types.join(","), limit }, signal),
    select: (answer) => answer.data,
    enabled: q.trim() !== "",
  });
}

/** Records of one type for a picker; the latest ones while nothing is typed. */
export async function findRecords(
  type: RecordType,
  q: string,
  signal?: AbortSignal,
): Promise<{ id: string; name: string; detail?: string | undefined }[]> {
  if (q === "") {
    const page = await api.get<{ data: { id: string; name: string }[] }>(
      `/${type}`,
      { limit: 20, sort: "-updated_at" },
      signal,
    );
    return page.data.map(({ id, name }) => ({ id, name }));
  }
  const hits = await api.get<{ data: SearchHit[] }>(
    "/search",
    { q, types: type, limit: 20 },
    signal,
  );
  return hits.data.map(({ id, name, detail }) => ({ id, name, detail: detail ?? undefined }));
}

/** Records of every type for a picker. */
export async function findAnything(q: string, signal?: AbortSignal): Promise<SearchHit[]> {
  const query = { q, types: EVERY_TYPE.join(","), limit: 20 };
  return (await api.get<{ data: SearchHit[] }>("/search", query, signal)).data;
}

/** People who can own records. */
export async function findUsers(q: string, signal?: AbortSignal) {
  const query = q === "" ? {} : { q };
  const answer = await api.get<Schemas["Directory"]>("/users/directory", query, signal);
  return answer.data.filter((user) => user.is_active);
}

/** Everyone, for turning ids into names. */
export function directoryQuery() {
  return queryOptions({
    queryKey: ["users", "directory"] as const,
    queryFn: ({ signal }) => api.get<Schemas["Directory"]>("/users/directory", {}, signal),
    select: (answer) => answer.data,
    staleTime: 5 * 60_000,
  });
}

/** People who can be mentioned, while one types. */
export function peopleQuery(q: string) {
  return queryOptions({
    queryKey: ["users", "found", q] as const,
    queryFn: ({ signal }) => findUsers(q, signal),
    select: (people) => people.map(({ id, name }) => ({ id, name })),
    staleTime: 60_000,
  });
}
