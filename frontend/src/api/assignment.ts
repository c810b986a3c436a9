import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Condition, Narrow, Narrowed, Schemas } from "./types";

/** Who of those a rule names gets the next lead. */
export type Strategy = "user" | "round_robin" | "least_loaded";

/** Who gets the leads that a condition fits; null fits every lead. */
export type AssignmentRule = Narrow<
  "AssignmentRuleView",
  { condition: Condition | null; strategy: Strategy }
>;

/** What may be set of a rule; people or a team, never both. */
export type RuleInput = Narrowed<
  "CreateAssignmentRule",
  { condition: Condition | null; strategy: Strategy }
>;

/** Why somebody was not given a lead. */
export type PassOver = "inactive" | "not_permitted" | "day_off" | "max_open" | "max_per_day";

/** What became of one rule when it was asked about a lead. */
export interface AssignmentStep {
  rule_id: string;
  rule_name: string;
  result: "assigned" | "not_matched" | "nobody_available";
  /** The first of those who were not given it, and how many there were. */
  passed_over: { user_id: string; name: string; reason: PassOver }[];
  passed_over_count: number;
}

/** How a lead was given by the rules; without an owner none of them fired. */
export type Assignment = Narrow<"AssignmentView", { trace: AssignmentStep[] }>;

/** What a rule would have done with the leads of the last days. */
export type DryRun = Schemas["AssignmentDryRun"];

/** How many days a rule is tried on. */
export const TRIED_DAYS = 90;

/** The rules in the order they are asked. */
export function assignmentRulesQuery() {
  return queryOptions({
    queryKey: ["configuration", "assignment-rules"] as const,
    queryFn: ({ signal }) => api.get<{ data: AssignmentRule[] }>("/assignment-rules", {}, signal),
    select: (answer) => answer.data,
  });
}

export function createRule(input: RuleInput) {
  return api.post<AssignmentRule>("/assignment-rules", input);
}

export function updateRule(
  id: string,
  version: number,
  changes: Partial<RuleInput> & Partial<Pick<Schemas["UpdateAssignmentRule"], "position">>,
) {
  return api.patch<AssignmentRule>(`/assignment-rules/${id}`, changes, version);
}

/** Deletes a rule; the leads it has given stay where they are. */
export function deleteRule(id: string, version: number) {
  return api.delete(`/assignment-rules/${id}`, { version });
}

/** Tries a rule in place of the one of its id, else behind the others; nothing is written. */
export function tryRule(rule: RuleInput & { id?: string }) {
  return api.post<DryRun>("/assignment-rules/dry-run", { rule, days: TRIED_DAYS });
}

/** How a lead came to its owner by the rules, and how often it was given before. */
export function assignmentQuery(lead: string) {
  return queryOptions({
    queryKey: ["records", "leads", "assignment", lead] as const,
    queryFn: ({ signal }) =>
      api.get<{ data: Assignment | null; earlier: number }>(
        `/leads/${lead}/assignment`,
        {},
        signal,
      ),
  });
}

/** Gives the version of the lead the user saw to whom the rules choose. */
export function assignByRule(lead: { id: string; version: number }) {
  return api.post<Assignment>(`/leads/${lead.id}/assignment`, {}, { version: lead.version });
}
