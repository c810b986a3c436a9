import type { QueryClient } from "@tanstack/react-query";
import { type StickyNote, stickyNotesQuery } from "@/api/at-hand";

const { queryKey } = stickyNotesQuery();

/** Shows a note as it was written; what is being read meanwhile may be from before. */
export async function showNote(client: QueryClient, note: StickyNote): Promise<void> {
  await client.cancelQueries({ queryKey });
  client.setQueryData(queryKey, (list) => {
    const notes = list?.data ?? [];
    const isKnown = notes.some(({ id }) => id === note.id);
    return {
      data: isKnown ? notes.map((old) => (old.id === note.id ? note : old)) : [note, ...notes],
    };
  });
}

/** Whether the server is known to have a note. */
export function isKnown(client: QueryClient, id: string): boolean {
  return client.getQueryData(queryKey)?.data.some((note) => note.id === id) ?? false;
}

/** Takes a note away. */
export async function hideNote(client: QueryClient, id: string): Promise<void> {
  await client.cancelQueries({ queryKey });
  client.setQueryData(
    queryKey,
    (list) => list && { data: list.data.filter((note) => note.id !== id) },
  );
}

/** A note as the server has it now; undefined when it is gone. */
export async function readNote(client: QueryClient, id: string): Promise<StickyNote | undefined> {
  const list = await client.fetchQuery({ ...stickyNotesQuery(), staleTime: 0 });
  return list.data.find((note) => note.id === id);
}
