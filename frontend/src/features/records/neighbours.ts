import type { RecordType } from "@/api/types";

/** Where the neighbours of a record are, in the list the user came from. */
const lastLists = new Map<RecordType, string[]>();

/** Remembers the rows of the list last seen. */
export function rememberList(type: RecordType, ids: string[]): void {
  lastLists.set(type, ids);
}

/** The records before and after this one in the list the user came from. */
export function neighboursOf(type: RecordType, id: string) {
  const ids = lastLists.get(type) ?? [];
  const index = ids.indexOf(id);
  return {
    previous: index > 0 ? ids[index - 1] : undefined,
    next: index < 0 ? undefined : ids[index + 1],
  };
}
