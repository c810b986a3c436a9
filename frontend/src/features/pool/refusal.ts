import type { TFunction } from "i18next";
import type { Problem } from "@/api/problem";
import type { Ref } from "@/api/types";
import { formatInstant } from "@/lib/format";

/** Who is told, and to whom a customer was to go, unless it was to be theirs. */
interface Told {
  me?: string | undefined;
  receiver?: string | undefined;
}

function ownerOf({ body }: Problem): Ref | null {
  const { owner } = body;
  return typeof owner === "object" && owner !== null && "name" in owner ? (owner as Ref) : null;
}

function takenWords(owner: Ref | null, t: TFunction, { me }: Told): string {
  if (owner === null) return t("pool:refused.taken");
  if (owner.id === me) return t("pool:refused.takenByYou");
  return t("pool:refused.takenBy", { name: owner.name });
}

function limitWords({ body }: Problem, t: TFunction, { receiver }: Told): string | null {
  const count = typeof body.limit === "number" ? body.limit : null;
  const until = typeof body.until === "string" ? formatInstant(body.until) : null;
  if (body.reason === "owned_cap" && count !== null) {
    return receiver === undefined
      ? t("pool:refused.ownedCap", { count })
      : t("pool:refused.theirCap", { count, name: receiver });
  }
  if (body.reason === "daily_limit" && count !== null) {
    return until === null
      ? t("pool:refused.dailyLimit", { count })
      : t("pool:refused.dailyLimitUntil", { count, until });
  }
  if (body.reason === "cooldown" && until !== null) return t("pool:refused.cooldown", { until });
  return null;
}

/** Why a customer could not be moved, in words that say what to do about it. */
export function refusalWords(problem: Problem, t: TFunction, told: Told = {}): string {
  if (problem.code === "already_owned") return takenWords(ownerOf(problem), t, told);
  const known = problem.code === "claim_refused" ? limitWords(problem, t, told) : null;
  return known ?? problem.errors[0]?.detail ?? problem.detail ?? problem.title;
}
