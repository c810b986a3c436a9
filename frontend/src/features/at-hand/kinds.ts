import { collections } from "@/api/activities";
import type { Favourite } from "@/api/at-hand";
import type { About, Singular } from "@/api/types";

/** A favourite that can be shown and gone to. */
export interface Named {
  type: Singular;
  id: string;
  name: string;
  path: string;
}

/** The page of a record. */
export function pathOf({ type, id }: Pick<About, "type" | "id">): string {
  return `/${collections[type]}/${id}`;
}

/** Those favourites the user may still see. */
export function named(favourites: Favourite[]): Named[] {
  return favourites.flatMap(({ record }) =>
    record.name === null ? [] : [{ ...record, name: record.name, path: pathOf(record) }],
  );
}
