import type { RecordType } from "@/api/types";
import { facetFields } from "@/features/records/facets";
import { textOf, toList } from "@/lib/search-params";

/** The address of a list: what differs from the default, each facet under its own name. */
export type ListSearch = Record<string, string | string[] | undefined>;

/** Keeps what a list understands; anything else in the address is dropped. */
export function validateListSearch(type: RecordType) {
  return (search: Record<string, unknown>): ListSearch => {
    const known: ListSearch = {
      q: textOf(search.q),
      view: textOf(search.view),
      sort: textOf(search.sort),
      peek: textOf(search.peek),
    };
    for (const field of facetFields[type]) known[field] = toList(search[field]);
    return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  };
}
