import type { TFunction } from "i18next";
import type { Pool } from "@/api/pools";
import { RULES } from "./draft";

/** Whom a pool serves, in words. */
export function servesWords({ team }: Pool, t: TFunction): string {
  return team === null
    ? t("settings:pools.everybodyElse")
    : t("settings:pools.teamAndBelow", { name: team.name });
}

/** When a customer goes back to the pool, in words. */
export function releaseWords({ release, warn_days }: Pool, t: TFunction): string {
  const rules = RULES.flatMap((rule) => {
    const count = release[rule];
    return count === null ? [] : [t(`settings:pools.rule.${rule}`, { count })];
  });
  if (rules.length === 0) return t("settings:pools.never");
  return t("settings:pools.released", {
    rules: rules.join(t("settings:pools.or")),
    warned: t("settings:pools.warned", { count: warn_days }),
  });
}

/** Who may claim how much, in words, as far as anything is limited. */
export function limitWords(pool: Pool, t: TFunction): string[] {
  const { owned_cap, claims_per_day, cooldown_days } = pool;
  const limits = [
    ...(owned_cap === null ? [] : [t("settings:pools.ownedWords", { count: owned_cap })]),
    ...(claims_per_day === null
      ? []
      : [t("settings:pools.perDayWords", { count: claims_per_day })]),
    ...(cooldown_days === 0 ? [] : [t("settings:pools.cooldownWords", { count: cooldown_days })]),
  ];
  return limits.length === 0 ? [t("settings:pools.unlimited")] : limits;
}
