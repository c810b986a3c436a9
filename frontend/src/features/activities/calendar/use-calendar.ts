import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type CalendarPlace, calendarQuery, MOST_IN_CALENDAR } from "@/api/activities";
import { OWNER, type Whose } from "../sections";
import { byDay } from "./layout";
import { instantsOf } from "./range";

/** What stands on some days, read to the end of them as far as that goes. */
export function useCalendar(whose: Whose, days: string[]) {
  const { from, to } = instantsOf(days);
  const query = useInfiniteQuery(calendarQuery(OWNER[whose], from, to));
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);

  const activities = useMemo(
    () => (data?.pages.flatMap((page) => page.data) ?? []).slice(0, MOST_IN_CALENDAR),
    [data],
  );
  const entries = useMemo(() => byDay(activities), [activities]);
  const last = data?.pages.at(-1);
  const place = data?.pageParams.at(-1) as CalendarPlace | undefined;
  const isAtEnd = !last?.page.has_more && place?.isPlanned === false;
  return {
    query,
    activities,
    entries,
    isLoading: query.isPending || hasNextPage,
    /** Whether there is more than is shown. */
    isCut: data !== undefined && !hasNextPage && !isAtEnd,
  };
}
