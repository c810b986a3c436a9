import type { InfiniteData } from "@tanstack/react-query";
import type { Page } from "./types";

/** A list that grows page by page, as it is cached. */
export type Pages<T> = InfiniteData<Page<T>>;

/** Where the next page begins; null after the last. */
export function nextCursor({ page }: Pick<Page<unknown>, "page">): string | null {
  return page.has_more ? (page.next_cursor ?? null) : null;
}

/** Every row of a cached list in its new shape: one, or none where it goes away. */
export function mapRows<T>(
  pages: Pages<T> | undefined,
  change: (row: T) => T[],
): Pages<T> | undefined {
  return (
    pages && {
      ...pages,
      pages: pages.pages.map((page) => ({ ...page, data: page.data.flatMap(change) })),
    }
  );
}
