import type { RecordType } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import type { ListAddress } from "@/features/records/ListPage";
import { textOf, toList } from "@/lib/search-params";
import type { ListSearch } from "./list-search";

/** The address as the list page uses it, with the defaults filled in. */
export function readAddress(type: RecordType, search: ListSearch): ListAddress {
  const descriptor = descriptors[type];
  const sortKeys = descriptor.columns.flatMap((column) => column.sortKey ?? []);
  const sort = textOf(search.sort) ?? descriptor.defaultSort;
  const view = descriptor.views.find((candidate) => candidate.id === search.view);
  return {
    q: textOf(search.q) ?? "",
    view: view?.id ?? descriptor.views[0]?.id ?? "",
    sort: sortKeys.includes(sort.replace(/^-/, "")) ? sort : descriptor.defaultSort,
    peek: textOf(search.peek) ?? null,
    chosen: Object.fromEntries(
      descriptor.facets.flatMap((field) => {
        const values = toList(search[field]);
        return values ? [[field, values]] : [];
      }),
    ),
  };
}

/** Writes an address, leaving out what is as it always is. */
export function writeAddress(type: RecordType, address: ListAddress): ListSearch {
  const descriptor = descriptors[type];
  return {
    ...(address.q !== "" && { q: address.q }),
    ...(address.view !== descriptor.views[0]?.id && { view: address.view }),
    ...(address.sort !== descriptor.defaultSort && { sort: address.sort }),
    ...(address.peek !== null && { peek: address.peek }),
    ...Object.fromEntries(Object.entries(address.chosen).filter(([, values]) => values.length > 0)),
  };
}
