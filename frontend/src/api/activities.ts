import { infiniteQueryOptions, type QueryClient } from "@tanstack/react-query";
import { api } from "./client";
import { nextCursor } from "./paging";
import { recordKeys } from "./records";
import type {
  About,
  Activity,
  ActivityInput,
  ActivityKind,
  Page,
  RecordType,
  Singular,
  TimelineEntry,
} from "./types";

/** The collection a record that is named in the singular stands in. */
export const collections: Record<Singular, RecordType> = {
  customer: "customers",
  contact: "contacts",
  lead: "leads",
  opportunity: "opportunities",
};

/** Everything cached about activities, save the timelines, which stand with their records. */
export const activitiesKey = ["activities"] as const;

/** What of a timeline is wanted. */
export interface TimelineFilter {
  only?: "activities" | "changes" | undefined;
  kinds: ActivityKind[];
}

const TIMELINE_PAGE = 50;
const LIST_PAGE = 100;

/** What was done about a record and what changed in it, newest first. */
export function timelineQuery(type: RecordType, id: string, { only, kinds }: TimelineFilter) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.timelines(type), id, only ?? "all", kinds] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TimelineEntry>>(
        `/${type}/${id}/timeline`,
        {
          only,
          kind: kinds.length > 0 ? kinds.join(",") : undefined,
          limit: TIMELINE_PAGE,
          cursor: pageParam ?? undefined,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
  });
}

/** Activities in a list that grows, by what they are due. */
export function activitiesQuery(filter: string, limit = LIST_PAGE) {
  return infiniteQueryOptions({
    queryKey: [...activitiesKey, "list", filter, limit] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Activity>>(
        "/activities",
        { filter, sort: "due_at", limit, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
  });
}

/** As many activities are shown in a calendar at most. */
export const MOST_IN_CALENDAR = 1_000;
const CALENDAR_PAGE = 200;

/** What was planned comes first, then what only happened. */
export interface CalendarPlace {
  isPlanned: boolean;
  cursor: string | null;
}

function calendarFilter(isPlanned: boolean, from: string, to: string): string {
  return isPlanned
    ? `status != "cancelled" AND due_at >= ${from} AND due_at < ${to}`
    : `status = "done" AND due_at IS NULL AND happened_at >= ${from} AND happened_at < ${to}`;
}

/** Open and done activities between two instants, page after page; `whose` is in the filter language. */
export function calendarQuery(whose: string, from: string, to: string) {
  return infiniteQueryOptions({
    queryKey: [...activitiesKey, "calendar", whose, from, to] as const,
    queryFn: ({ pageParam: { isPlanned, cursor }, signal }) =>
      api.get<Page<Activity>>(
        "/activities",
        {
          filter: `${whose} AND ${calendarFilter(isPlanned, from, to)}`,
          sort: isPlanned ? "due_at" : "happened_at",
          limit: CALENDAR_PAGE,
          cursor: cursor ?? undefined,
        },
        signal,
      ),
    initialPageParam: { isPlanned: true, cursor: null } as CalendarPlace,
    getNextPageParam: (last, pages, { isPlanned }): CalendarPlace | null => {
      if (pages.reduce((sum, { data }) => sum + data.length, 0) >= MOST_IN_CALENDAR) return null;
      const cursor = nextCursor(last);
      if (cursor !== null) return { isPlanned, cursor };
      return isPlanned ? { isPlanned: false, cursor: null } : null;
    },
  });
}

/** What is planned about a record. */
export function plannedQuery(type: Singular, id: string) {
  return activitiesQuery(`status = "open" AND ${type}_id = "${id}"`);
}

/** One activity as it is now. */
export function readActivity(id: string) {
  return api.get<Activity>(`/activities/${id}`);
}

/** Notes what was done, or plans what is to be done. */
export function createActivity(input: Partial<ActivityInput>, idempotencyKey: string) {
  return api.post<Activity>("/activities", input, { idempotencyKey });
}

/** Changes the version of an activity the user saw. */
export function updateActivity(
  { id, version }: Pick<Activity, "id" | "version">,
  changes: Partial<ActivityInput>,
) {
  return api.patch<Activity>(`/activities/${id}`, changes, version);
}

/** Moves an activity to the trash. */
export function deleteActivity({ id, version }: Pick<Activity, "id" | "version">) {
  return api.delete(`/activities/${id}`, { version });
}

/** Takes an activity out of the trash. */
export function restoreActivity(id: string) {
  return api.post<Activity>(`/activities/${id}/restore`);
}

/** Reads again what an activity shows in: lists of activities, every timeline, and the records it is about. */
export async function refreshActivities(client: QueryClient, about: About[]): Promise<void> {
  const types = new Set(about.map(({ type }) => collections[type]));
  await Promise.all([
    client.invalidateQueries({ queryKey: activitiesKey }),
    client.invalidateQueries({ queryKey: ["trash"] }),
    // The timeline of a customer also tells of the lead it came from.
    ...Object.values(collections).map((type) =>
      client.invalidateQueries({
        queryKey: types.has(type) ? recordKeys.all(type) : recordKeys.timelines(type),
      }),
    ),
  ]);
}
