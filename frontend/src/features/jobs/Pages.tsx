import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { SkeletonRows } from "@/ui/Skeleton";

interface PagesProps<T> {
  query: UseInfiniteQueryResult<InfiniteData<{ data: T[] }>>;
  /** What is being read, said while it is. */
  loading: string;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  /** What the button to the next page is called. */
  more: string;
  children: (rows: T[]) => ReactNode;
}

/** What has been read of a list so far, and the way to its next page. */
export function Pages<T>({ query, loading, empty, more, children }: PagesProps<T>) {
  const rows = query.data?.pages.flatMap(({ data }) => data);
  if (!rows) {
    if (!query.error) return <SkeletonRows label={loading} />;
    return <ErrorState problem={asProblem(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (rows.length === 0) return empty;
  return (
    <>
      {children(rows)}
      {query.hasNextPage && (
        <Button
          variant="ghost"
          className="mt-2 ml-2"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {more}
        </Button>
      )}
    </>
  );
}
