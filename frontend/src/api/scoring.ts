import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { recordKeys } from "./records";
import type {
  ActivityKind,
  Condition,
  Direction,
  Lead,
  Narrow,
  Narrowed,
  Schemas,
  Whole,
} from "./types";

/** What a rule gives points for: what is known of a lead, or what was done about it. */
export type ScoringKind = "property" | "behaviour";

/** Which activities count, how many of the latest, and after how many days their points are halved. */
export type Behaviour = Narrow<
  "ScoringBehaviour",
  { activity_kinds: ActivityKind[]; direction: Direction | null }
>;

/** Points for the leads that a condition fits, or for what was done about them; one of the two. */
export type ScoringRule = Narrow<
  "ScoringRuleView",
  { kind: ScoringKind; condition: Condition | null; behaviour: Behaviour | null }
>;

/** What may be set of a rule. */
export type ScoringInput = Narrowed<
  "CreateScoringRule",
  { kind: ScoringKind; condition: Condition | null; behaviour: Behaviour | null }
>;

export type Rating = NonNullable<Lead["rating"]>;

/** What a rule would make of the newest leads. */
export type ScoringDryRun = Narrow<
  "ScoringDryRun",
  {
    ratings: (Omit<Schemas["ScoringRatingCount"], "rating"> & { rating: Rating })[];
    samples: (Omit<Schemas["ScoringSample"], "rating_now" | "rating_then"> & {
      rating_now: Rating | null;
      rating_then: Rating | null;
    })[];
  }
>;

/** Why a lead has its score; the points of the reasons add up to it. */
export type LeadScore = Narrow<
  "LeadScore",
  {
    rating: Rating | null;
    rating_by: Lead["rating_by"];
    reasons: Whole<Schemas["ScoreReason"]>[];
  }
>;

/** The rules in the order they were made. */
export function scoringRulesQuery() {
  return queryOptions({
    queryKey: ["configuration", "scoring-rules"] as const,
    queryFn: ({ signal }) => api.get<{ data: ScoringRule[] }>("/scoring-rules", {}, signal),
    select: (answer) => answer.data,
  });
}

export function createScoringRule(input: ScoringInput) {
  return api.post<ScoringRule>("/scoring-rules", input);
}

export function updateScoringRule(id: string, version: number, changes: Partial<ScoringInput>) {
  return api.patch<ScoringRule>(`/scoring-rules/${id}`, changes, version);
}

/** Deletes a rule; its points go from every lead. */
export function deleteScoringRule(id: string, version: number) {
  return api.delete(`/scoring-rules/${id}`, { version });
}

/** Tries a rule in place of the one of its id, else beside the others; nothing is written. */
export function tryScoringRule(rule: ScoringInput & { id?: string }) {
  return api.post<ScoringDryRun>("/scoring-rules/dry-run", { rule });
}

/** What the score of a lead is made of. */
export function leadScoreQuery(lead: string) {
  return queryOptions({
    queryKey: [...recordKeys.all("leads"), "score", lead] as const,
    queryFn: ({ signal }) => api.get<LeadScore>(`/leads/${lead}/score`, {}, signal),
  });
}
