import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { LeadStatus, Pipeline, Source } from "./types";

const STALE = 5 * 60_000;

/** The lead statuses in their order. */
export function leadStatusesQuery() {
  return queryOptions({
    queryKey: ["configuration", "lead-statuses"] as const,
    queryFn: ({ signal }) => api.get<{ data: LeadStatus[] }>("/lead-statuses", {}, signal),
    select: (answer) => answer.data,
    staleTime: STALE,
  });
}

/** Where leads and customers come from. */
export function sourcesQuery() {
  return queryOptions({
    queryKey: ["configuration", "sources"] as const,
    queryFn: ({ signal }) => api.get<{ data: Source[] }>("/sources", {}, signal),
    select: (answer) => answer.data,
    staleTime: STALE,
  });
}

/** The pipelines with their stages. */
export function pipelinesQuery() {
  return queryOptions({
    queryKey: ["configuration", "pipelines"] as const,
    queryFn: ({ signal }) => api.get<{ data: Pipeline[] }>("/pipelines", {}, signal),
    select: (answer) => answer.data,
    staleTime: STALE,
  });
}
