import type { TFunction } from "i18next";
import type { ScoringInput, ScoringKind, ScoringRule } from "@/api/scoring";
import type { ActivityKind, Direction } from "@/api/types";
import { KINDS, traits } from "@/features/records/activity-kinds";
import {
  conditionOf,
  type Draft,
  draftOf,
  refuseEmpty,
  refuseUnfinished,
} from "../conditions/condition";
import { numberOf, textOf } from "../typed";

/** What can be done about a lead, so that points may be given for it: a task is only to be done. */
export const SCORED_KINDS = KINDS.filter((kind) => kind !== "task");

const USUAL_POINTS = "10";
const USUAL_DAYS = "30";

/** A rule as its form holds it: numbers as they are typed, and what is asked of the other kind of rule as well. */
export interface ScoringDraft {
  name: string;
  is_active: boolean;
  kind: ScoringKind;
  sign: "plus" | "minus";
  points: string;
  condition: Draft;
  behaviour: {
    activity_kinds: ActivityKind[];
    direction: Direction | null;
    at_most: string;
    halves_after_days: string;
  };
}

/** A rule as it stands, or what a new one starts with. */
export function scoringDraft(rule: ScoringRule | null): ScoringDraft {
  const behaviour = rule?.behaviour ?? null;
  return {
    name: rule?.name ?? "",
    is_active: rule?.is_active ?? true,
    kind: rule?.kind ?? "property",
    sign: (rule?.points ?? 1) < 0 ? "minus" : "plus",
    points: rule ? textOf(Math.abs(rule.points)) : USUAL_POINTS,
    condition: draftOf(rule?.condition ?? null),
    behaviour: {
      activity_kinds: behaviour?.activity_kinds ?? [],
      direction: behaviour?.direction ?? null,
      at_most: textOf(behaviour?.at_most ?? 1),
      halves_after_days: behaviour ? textOf(behaviour.halves_after_days) : USUAL_DAYS,
    },
  };
}

/** Whether any of these kinds of activity has a direction. */
export function haveDirection(kinds: ActivityKind[]): boolean {
  return kinds.some((kind) => traits[kind].hasDirection);
}

/** What is sent of a draft. */
export function scoringInput(draft: ScoringDraft): ScoringInput {
  const { name, is_active, kind, sign, condition, behaviour } = draft;
  const { activity_kinds, direction, at_most, halves_after_days } = behaviour;
  const points = numberOf(draft.points) ?? 0;
  return {
    name: name.trim(),
    is_active,
    kind,
    points: sign === "minus" && points !== 0 ? -points : points,
    condition: kind === "property" ? conditionOf(condition) : null,
    behaviour:
      kind === "behaviour"
        ? {
            activity_kinds,
            direction: haveDirection(activity_kinds) ? direction : null,
            at_most: numberOf(at_most) ?? 1,
            halves_after_days: numberOf(halves_after_days),
          }
        : null,
  };
}

/** Refuses a draft that does not say yet which leads get the points. */
export function refuseUntold({ kind, condition }: ScoringDraft, t: TFunction): void {
  if (kind !== "property") return;
  refuseEmpty(condition, t("scoring:conditionNeeded"));
  refuseUnfinished(condition, t("settings:condition.unfinished"));
}
