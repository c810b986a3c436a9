import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { LeadStatus, Organisation, Pipeline, Schemas, Source, Stage } from "./types";

/** Everything cached about configuration. */
export const configurationKey = ["configuration"] as const;

/** The organisation as its settings show it. */
export function organisationQuery() {
  return queryOptions({
    queryKey: [...configurationKey, "organisation"] as const,
    queryFn: ({ signal }) => api.get<Organisation>("/organisation", {}, signal),
  });
}

export function updateOrganisation(
  version: number,
  changes: Partial<Schemas["UpdateOrganisation"]>,
) {
  return api.patch<Organisation>("/organisation", changes, version);
}

/** What may be set of a stage. */
export type StageInput = Schemas["StageInput"];

export function createStatus(input: Schemas["CreateLeadStatus"]) {
  return api.post<LeadStatus>("/lead-statuses", input);
}

export function updateStatus(
  key: string,
  version: number,
  changes: Partial<Schemas["UpdateLeadStatus"]>,
) {
  return api.patch<LeadStatus>(`/lead-statuses/${key}`, changes, version);
}

/** Deletes a status; its leads take the replacement. */
export function deleteStatus(key: string, version: number, replacement: string | undefined) {
  return api.delete(`/lead-statuses/${key}`, { version, query: { replacement } });
}

export function createSource(input: Schemas["CreateSource"]) {
  return api.post<Source>("/sources", input);
}

export function updateSource(
  key: string,
  version: number,
  changes: Partial<Schemas["UpdateSource"]>,
) {
  return api.patch<Source>(`/sources/${key}`, changes, version);
}

/** Deletes a source; its records take the replacement. */
export function deleteSource(key: string, version: number, replacement: string | undefined) {
  return api.delete(`/sources/${key}`, { version, query: { replacement } });
}

export function createPipeline(input: Partial<Schemas["CreatePipeline"]>) {
  return api.post<Pipeline>("/pipelines", input);
}

export function updatePipeline(
  id: string,
  version: number,
  changes: Partial<Schemas["UpdatePipeline"]>,
) {
  return api.patch<Pipeline>(`/pipelines/${id}`, changes, version);
}

/** The stages of another pipeline that could take the place of a stage. */
export function heirsOf(stage: Stage, heir: Pipeline): Stage[] {
  return heir.stages.filter(({ category }) => category === stage.category);
}

/** For every stage the one of the same category at about the same place, by id. */
export function stageMapping(pipeline: Pipeline, heir: Pipeline): Record<string, string> {
  const pairs = pipeline.stages.flatMap((stage) => {
    const old = pipeline.stages.filter(({ category }) => category === stage.category);
    const next = heirsOf(stage, heir);
    const place = old.indexOf(stage) / Math.max(1, old.length - 1);
    const target = next[Math.round(place * (next.length - 1))];
    return target ? [[stage.id, target.id]] : [];
  });
  return Object.fromEntries(pairs);
}

/** Deletes a pipeline; its opportunities go to the stages of another one, each as `mapping` says. */
export function deletePipeline(
  pipeline: Pipeline,
  heir?: Pipeline,
  mapping: Record<string, string> = {},
) {
  const pairs = Object.entries(mapping).map(([from, to]) => `${from}:${to}`);
  const stages = pairs.length > 0 ? pairs.join(",") : undefined;
  return api.delete(`/pipelines/${pipeline.id}`, {
    version: pipeline.version,
    ...(heir && { query: { replacement: heir.id, stages } }),
  });
}

export function createStage(pipeline: string, input: Partial<StageInput>) {
  return api.post<Stage>(`/pipelines/${pipeline}/stages`, input);
}

export function updateStage(stage: Stage, changes: Partial<StageInput>) {
  return api.patch<Stage>(
    `/pipelines/${stage.pipeline_id}/stages/${stage.id}`,
    changes,
    stage.version,
  );
}

/** Deletes a stage; its opportunities go to the replacement. */
export function deleteStage(stage: Stage, replacement: string | undefined) {
  return api.delete(`/pipelines/${stage.pipeline_id}/stages/${stage.id}`, {
    version: stage.version,
    query: { replacement },
  });
}
