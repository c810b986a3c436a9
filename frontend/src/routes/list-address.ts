import type { RecordType } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import type { ListAddress } from "@/features/records/ListPage";
import { sortIn, viewOf } from "@/features/records/model";
import { textOf, toList } from "@/lib/search-params";
import type { ListSearch } from "./list-search";

/** The address as the list page uses it, with the defaults filled in. */
export function readAddress(type: RecordType, search: ListSearch): ListAddress {
  const descriptor = descriptors[type];
  const sortKeys = descriptor.columns.flatMap((column) => column.sortKey ?? []);
  const view = viewOf(descriptor, textOf(search.view) ?? "")?.id ?? descriptor.views[0]?.id ?? "";
  const sort = textOf(search.sort) ?? "";
  return {
    q: textOf(search.q) ?? "",
    view,
    sort: sortKeys.includes(sort.replace(/^-/, "")) ? sort : sortIn(descriptor, view),
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
    ...(address.sort !== sortIn(descriptor, address.view) && { sort: address.sort }),
    ...(address.peek !== null && { peek: address.peek }),
    ...Object.fromEntries(Object.entries(address.chosen).filter(([, values]) => values.length > 0)),
  };
}
