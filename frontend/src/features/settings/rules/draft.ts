import type { AssignmentRule, RuleInput, Strategy } from "@/api/assignment";
import { conditionOf, type Draft, draftOf } from "../conditions/condition";
import { numberOf, textOf } from "../typed";

/** A rule as its form holds it. */
export interface RuleDraft {
  name: string;
  is_active: boolean;
  condition: Draft;
  strategy: Strategy;
  audience: "people" | "team";
  user_ids: string[];
  team_id: string | null;
  with_subteams: boolean;
  working_days: number[];
  max_open: string;
  max_per_day: string;
}

/** A rule as it stands, or what a new one starts with. */
export function ruleDraft(rule: AssignmentRule | null): RuleDraft {
  return {
    name: rule?.name ?? "",
    is_active: rule?.is_active ?? true,
    condition: draftOf(rule?.condition ?? null),
    strategy: rule?.strategy ?? "round_robin",
    audience: rule?.team_id ? "team" : "people",
    user_ids: rule?.user_ids ?? [],
    team_id: rule?.team_id ?? null,
    with_subteams: rule?.with_subteams ?? false,
    working_days: rule?.working_days ?? [],
    max_open: textOf(rule?.max_open),
    max_per_day: textOf(rule?.max_per_day),
  };
}

/** Whom a draft names: people or a team, never both. */
function audienceOf({ strategy, audience, user_ids, team_id, with_subteams }: RuleDraft) {
  if (strategy !== "user" && audience === "team") {
    return { user_ids: [], team_id, with_subteams };
  }
  const people = strategy === "user" ? user_ids.slice(0, 1) : user_ids;
  return { user_ids: people, team_id: null, with_subteams: false };
}

/** What is sent of a draft. */
export function ruleInput(draft: RuleDraft): RuleInput {
  const { name, is_active, condition, strategy, working_days, max_open, max_per_day } = draft;
  return {
    name: name.trim(),
    is_active,
    condition: conditionOf(condition),
    strategy,
    ...audienceOf(draft),
    working_days,
    max_open: numberOf(max_open),
    max_per_day: numberOf(max_per_day),
  };
}
