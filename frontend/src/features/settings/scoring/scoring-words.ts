import type { TFunction } from "i18next";
import type { Behaviour } from "@/api/scoring";

/** For which activities a rule gives points, in words. */
export function behaviourWords({ activity_kinds, direction }: Behaviour, t: TFunction): string {
  const kinds = activity_kinds
    .map((kind) => t(`activities:kinds.${kind}`))
    .join(t("records:listSeparator"));
  return direction === null
    ? kinds
    : t("scoring:rule.directed", { kinds, direction: t(`activities:directions.${direction}`) });
}

/** How many of them count and for how long, in words. */
export function lastingWords({ at_most, halves_after_days }: Behaviour, t: TFunction): string[] {
  return [
    t("scoring:rule.atMost", { count: at_most }),
    halves_after_days === null
      ? t("scoring:rule.neverFades")
      : t("scoring:rule.halves", { count: halves_after_days }),
  ];
}
