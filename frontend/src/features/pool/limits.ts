import type { TFunction } from "i18next";
import type { MyPool } from "@/api/pools";

/** A limit on what somebody may claim, in words, and whether it is reached. */
export interface Limit {
  id: "day" | "owned" | "cooldown";
  text: string;
  isReached: boolean;
}

/** What limits the claims of the user in a pool, the nearest first. */
export function limitsOf(pool: MyPool, t: TFunction): Limit[] {
  const limits: Limit[] = [];
  if (pool.claims_per_day !== null) {
    const left = Math.max(0, pool.claims_per_day - pool.claimed_today);
    limits.push({ id: "day", text: t("pool:limit.day", { count: left }), isReached: left === 0 });
  }
  if (pool.owned_cap !== null) {
    limits.push({
      id: "owned",
      text: t("pool:limit.owned", { owned: pool.owned, cap: pool.owned_cap }),
      isReached: pool.owned >= pool.owned_cap,
    });
  }
  if (pool.cooldown_days > 0) {
    limits.push({
      id: "cooldown",
      text: t("pool:limit.cooldown", { count: pool.cooldown_days }),
      isReached: false,
    });
  }
  return limits;
}
