import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { recordKeys, summaryQuery } from "./records";
import type { Page, RecordByType, RecordType } from "./types";

/** The first records of a list, for a short look at it. */
export function firstRecordsQuery<T extends RecordType>(
  type: T,
  query: { filter?: string; sort: string; limit: number },
) {
  return queryOptions({
    queryKey: [...recordKeys.all(type), "first", query] as const,
    queryFn: ({ signal }) =>
      api.get<Page<RecordByType[T]>>(`/${type}`, { ...query, count: "capped" }, signal),
  });
}

/** What was won in a month: 0 is this one, -1 the last. */
export function wonInMonthQuery(offset: number) {
  const start = (of: number) => (of === 0 ? "@start_of(month)" : `@start_of(month,${of})`);
  const until = offset === 0 ? "" : ` AND closed_at < ${start(offset + 1)}`;
  return summaryQuery("opportunities", {
    filter: `category = "won" AND closed_at >= ${start(offset)}${until}`,
    sum: "amount",
  });
}

/** What is open, stage by stage. */
export function openByStageQuery() {
  return summaryQuery("opportunities", {
    group_by: "stage_id",
    filter: 'category = "open"',
    sum: "amount",
  });
}

/** How many customers stand where in their life. */
export function customersByLifecycleQuery() {
  return summaryQuery("customers", { group_by: "lifecycle" });
}
