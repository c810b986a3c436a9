import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { ChangeEvent } from "./event-stream";
import type { About, Narrow, Schemas, Singular } from "./types";

/** A record somebody wants at hand; without a name it is one they may no longer see. */
export type Favourite = Narrow<"Favourite", { record: About }>;

/** The papers a note may be written on. */
export const PAPERS = ["yellow", "green", "blue", "pink", "white"] as const;

export type Paper = (typeof PAPERS)[number];

/** What somebody has jotted down for themselves. */
export type StickyNote = Narrow<"StickyNote", { colour: Paper; about: About | null }>;

/** As long may a note be. */
export const LONGEST_NOTE = 2_000;

const STALE_MS = 60_000;

/** The signed-in user's favourites, the oldest first. */
export function favouritesQuery() {
  return queryOptions({
    queryKey: ["favourites"] as const,
    queryFn: ({ signal }) => api.get<{ data: Favourite[] }>("/me/favourites", {}, signal),
    // The stream of events tells when to read again.
    staleTime: STALE_MS,
  });
}

/** The signed-in user's sticky notes, the newest first. */
export function stickyNotesQuery() {
  return queryOptions({
    queryKey: ["sticky-notes"] as const,
    queryFn: ({ signal }) => api.get<{ data: StickyNote[] }>("/me/sticky-notes", {}, signal),
    staleTime: STALE_MS,
  });
}

/** Makes a record a favourite; one that is none may be taken away again. */
export function addFavourite(type: Singular, id: string) {
  return api.put(`/me/favourites/${type}/${id}`);
}

export function removeFavourite(type: Singular, id: string) {
  return api.delete(`/me/favourites/${type}/${id}`);
}

/** What is sent of a new note. */
export type NoteInput = Pick<Schemas["CreateStickyNote"], "id" | "body"> & {
  colour: Paper;
  about?: Pick<About, "type" | "id">;
};

export function createStickyNote(input: NoteInput, idempotencyKey: string) {
  return api.post<StickyNote>("/me/sticky-notes", input, { idempotencyKey });
}

/** Changes the version of a note the user saw. */
export function updateStickyNote(
  id: string,
  version: number,
  changes: Partial<Pick<StickyNote, "body" | "colour">>,
) {
  return api.patch<StickyNote>(`/me/sticky-notes/${id}`, changes, version);
}

export function deleteStickyNote(id: string) {
  return api.delete(`/me/sticky-notes/${id}`);
}

const queries: Record<string, () => { queryKey: readonly unknown[] }> = {
  favourite: favouritesQuery,
  sticky_note: stickyNotesQuery,
};

/** Whether an event tells of a favourite or a note, of which only their owner hears. */
export function isAtHand({ record_type }: ChangeEvent): boolean {
  return record_type in queries;
}

/** Favourites or notes were changed on another page, or by this one: the lists are read again. */
export async function hearOfAtHand(client: QueryClient, types: Iterable<string>): Promise<void> {
  const heard = [...types].flatMap((type) => queries[type]?.().queryKey ?? []);
  await Promise.all(heard.map((queryKey) => client.invalidateQueries({ queryKey: [queryKey] })));
}

/** Records were changed: where one of them is a favourite or has a note, its name may be another. */
export function hearOfRecords(client: QueryClient, ids: ReadonlyMap<string, unknown>): void {
  const favourites = client.getQueryData(favouritesQuery().queryKey)?.data ?? [];
  const notes = client.getQueryData(stickyNotesQuery().queryKey)?.data ?? [];
  const isTouched = (record: About | null) => record !== null && ids.has(record.id);
  void hearOfAtHand(client, [
    ...(favourites.some(({ record }) => isTouched(record)) ? ["favourite"] : []),
    ...(notes.some(({ about }) => isTouched(about)) ? ["sticky_note"] : []),
  ]);
}
