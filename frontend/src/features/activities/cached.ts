import type { Query, QueryClient } from "@tanstack/react-query";
import { activitiesKey } from "@/api/activities";
import { mapRows, type Pages } from "@/api/paging";
import type { Activity, TimelineEntry } from "@/api/types";

const isTimeline = ({ queryKey: [room, , what] }: Query) =>
  room === "records" && what === "timeline";

/** Changes an activity wherever it is shown; null takes it away. */
export function changeCached(client: QueryClient, id: string, to: Activity | null): void {
  client.setQueriesData<Pages<Activity>>({ queryKey: activitiesKey }, (lists) =>
    mapRows(lists, (row) => (row.id !== id ? [row] : to === null ? [] : [to])),
  );
  client.setQueriesData<Pages<TimelineEntry>>({ predicate: isTimeline }, (timelines) =>
    mapRows(timelines, (entry) => {
      if (entry.activity?.id !== id) return [entry];
      return to === null ? [] : [{ ...entry, activity: to }];
    }),
  );
}

/** Stops what is being read, so that an older answer does not undo what was just shown. */
export async function stopReading(client: QueryClient): Promise<void> {
  await Promise.all([
    client.cancelQueries({ queryKey: activitiesKey }),
    client.cancelQueries({ predicate: isTimeline }),
  ]);
}
