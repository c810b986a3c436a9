import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { About, ActivityKind, Direction, Narrow, Outcome, Priority, Schemas } from "./types";

/** What an activity can begin as. */
export type ActivityTemplate = Narrow<
  "ActivityTemplate",
  {
    kind: ActivityKind;
    direction: Direction | null;
    outcome: Outcome | null;
    priority: Priority | null;
  }
>;

/** What may be set of a template; whose it is stays as it was made. */
export type TemplateInput = Pick<
  ActivityTemplate,
  | "name"
  | "kind"
  | "subject"
  | "body"
  | "direction"
  | "outcome"
  | "priority"
  | "duration_minutes"
  | "follow_up_days"
  | "follow_up_name"
>;

/** A template with its places filled. */
export type FilledTemplate = Narrow<
  "ActivityTemplatePreview",
  {
    kind: ActivityKind;
    direction: Direction | null;
    outcome: Outcome | null;
    priority: Priority | null;
    follow_up:
      | (Partial<Pick<Schemas["FollowUp"], "name">> & Pick<Schemas["FollowUp"], "due_at">)
      | null;
    /** Places for which there was nothing. */
    missing: Place[];
  }
>;

/** What is filled in when a template is used. */
export const PLACES = [
  "customer.name",
  "contact.name",
  "lead.name",
  "lead.company_name",
  "opportunity.name",
  "user.name",
  "today",
] as const;

export type Place = (typeof PLACES)[number];

/** Those everybody has in their order, then one's own. */
export function activityTemplatesQuery() {
  return queryOptions({
    queryKey: ["configuration", "activity-templates"] as const,
    queryFn: ({ signal }) =>
      api.get<{ data: ActivityTemplate[] }>("/activity-templates", {}, signal),
    select: (answer) => answer.data,
  });
}

export function createTemplate(input: TemplateInput & Pick<ActivityTemplate, "is_shared">) {
  return api.post<ActivityTemplate>("/activity-templates", input);
}

export function updateTemplate(
  { id, version }: Pick<ActivityTemplate, "id" | "version">,
  changes: Partial<TemplateInput> & Partial<Pick<ActivityTemplate, "position">>,
) {
  return api.patch<ActivityTemplate>(`/activity-templates/${id}`, changes, version);
}

/** Deletes a template; what was made of it stays. */
export function deleteTemplate({ id, version }: Pick<ActivityTemplate, "id" | "version">) {
  return api.delete(`/activity-templates/${id}`, { version });
}

/** Fills the places of a template for an activity about some records; nothing is written. */
export function fillTemplate(id: string, about: Pick<About, "type" | "id">[]) {
  const named = about.map((record) => ({ type: record.type, id: record.id }));
  return api.post<FilledTemplate>(`/activity-templates/${id}/preview`, { about: named });
}
