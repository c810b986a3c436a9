import type { Pool, PoolInput, Release } from "@/api/pools";
import { numberOf, textOf } from "../typed";

/** The rules that take a customer from its owner, in the order they are told. */
export const RULES = ["no_activity_days", "no_opportunity_days", "not_won_days"] as const;

const USUAL_WARNING = 3;

/** A pool as its form holds it: numbers as they are typed, nothing for no limit. */
export interface PoolDraft {
  name: string;
  team_id: string | null;
  is_active: boolean;
  release: Record<keyof Release, string>;
  warn_days: string;
  owned_cap: string;
  claims_per_day: string;
  cooldown_days: string;
}

/** A pool as it stands, or what a new one starts with. */
export function poolDraft(pool: Pool | null): PoolDraft {
  return {
    name: pool?.name ?? "",
    team_id: pool?.team?.id ?? null,
    is_active: pool?.is_active ?? true,
    release: {
      no_activity_days: textOf(pool?.release.no_activity_days),
      no_opportunity_days: textOf(pool?.release.no_opportunity_days),
      not_won_days: textOf(pool?.release.not_won_days),
    },
    warn_days: textOf(pool?.warn_days ?? USUAL_WARNING),
    owned_cap: textOf(pool?.owned_cap),
    claims_per_day: textOf(pool?.claims_per_day),
    cooldown_days: textOf(pool?.cooldown_days ?? 0),
  };
}

/** What is sent of a new pool. */
export function poolInput(draft: PoolDraft): PoolInput {
  const { name, team_id, is_active, release } = draft;
  return {
    name: name.trim(),
    team_id,
    is_active,
    release: {
      no_activity_days: numberOf(release.no_activity_days),
      no_opportunity_days: numberOf(release.no_opportunity_days),
      not_won_days: numberOf(release.not_won_days),
    },
    warn_days: numberOf(draft.warn_days) ?? 0,
    owned_cap: numberOf(draft.owned_cap),
    claims_per_day: numberOf(draft.claims_per_day),
    cooldown_days: numberOf(draft.cooldown_days) ?? 0,
  };
}

/**
 * What is sent of a pool that is there. The default pool serves whom it serves and is always active; the name it was
 * shown with may be that of the reader's language, and only becomes its own when somebody writes another.
 */
export function poolChanges(pool: Pool, draft: PoolDraft): Partial<PoolInput> {
  const { name, team_id, is_active, ...others } = poolInput(draft);
  const named = name === pool.name ? {} : { name: name === "" && pool.is_default ? null : name };
  return { ...named, ...(!pool.is_default && { team_id, is_active }), ...others };
}
