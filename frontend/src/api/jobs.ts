import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { OpenTasks } from "./conversion";
import { nextCursor } from "./paging";
import type { About, Narrow, Narrowed, Page, Schemas, Whole } from "./types";

/** How far a job is, or how it ended. */
export type JobStatus =
  | "queued"
  | "running"
  | "succeeded"
  | "partially_succeeded"
  | "failed"
  | "cancelled";

/** What becomes of one of the three records, for every lead. */
export type PlannedMode = Schemas["PlannedMode"];

/** How many leads are converted. */
export type ConversionPlan = Narrowed<
  "ConversionPlan",
  {
    customer: PlannedMode;
    contact: PlannedMode;
    opportunity: PlannedMode;
    open_tasks: OpenTasks;
  }
>;

/** Work that goes on behind a request. */
export type Job = Narrow<
  "Job",
  {
    status: JobStatus;
    request: ConversionPlan;
    left_out: Partial<Schemas["LeftOut"]>;
    error: Partial<Schemas["Problem"]> | null;
  }
>;

export const ITEM_STATES = ["succeeded", "failed", "skipped", "pending"] as const;

export type ItemState = (typeof ITEM_STATES)[number];

/** One of the things that a job does; records without a name may no longer be seen. */
export type JobItem = Narrow<
  "JobItem",
  {
    state: ItemState;
    record: About;
    made: About[];
    candidates: About[];
    problem: Partial<Schemas["Problem"]> | null;
  }
>;

/** A job as a notification tells of it. */
export type NotifiedJob = Omit<Whole<Schemas["NotifiedJob"]>, "status"> & { status: JobStatus };

/** As many leads may be converted at once. */
export const MOST_LEADS = 10_000;

const PAGE = 25;
const ITEMS = 50;
/** The stream of events tells sooner; where it does not come through, a job that goes on is asked about. */
const WATCH_MS = 3_000;

/** Everything cached about jobs. */
export const jobsKey = ["jobs"] as const;

/** Everything cached about what one job does. */
export const jobItemsKey = (id: string) => ["job-items", id] as const;

/** Whether it has not ended yet. */
export function isOpen(job: Job): boolean {
  return job.status === "queued" || job.status === "running";
}

/** One's own jobs, or everybody's, newest first. */
export function jobsQuery(all: boolean) {
  return infiniteQueryOptions({
    queryKey: [...jobsKey, "list", all] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Job>>(
        "/jobs",
        { all: all ? true : undefined, limit: PAGE, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ data }) => data.some(isOpen)) ? WATCH_MS : false,
  });
}

/** One job; asked about again until it has ended. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: [...jobsKey, "one", id] as const,
    queryFn: ({ signal }) => api.get<Job>(`/jobs/${id}`, {}, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? WATCH_MS : false),
  });
}

/** What a job does, in its order; null for the state is all of it. */
export function jobItemsQuery(id: string, state: ItemState | null) {
  return infiniteQueryOptions({
    queryKey: [...jobItemsKey(id), state] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<JobItem>>(
        `/jobs/${id}/items`,
        { state: state ?? undefined, limit: ITEMS, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    staleTime: 0,
  });
}

/** Which leads are meant: some by name, or all that a list holds. */
export type ChosenLeads = { ids: string[] } | { filter?: string; q?: string };

/** Begins to convert many leads. */
export function convertLeads(leads: ChosenLeads, plan: ConversionPlan, idempotencyKey: string) {
  return api.post<Job>("/leads/conversions", { ...leads, plan }, { idempotencyKey });
}

/** Ends a job before its next item. */
export function cancelJob(id: string) {
  return api.post<Job>(`/jobs/${id}/cancel`);
}

/** A job was begun, has gone on or has ended. */
export function hearOfJobs(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: jobsKey });
}
