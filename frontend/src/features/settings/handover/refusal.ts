import type { TFunction } from "i18next";
import { HELD_KINDS, type HeldKind, type OverCap } from "@/api/handover";
import type { Problem } from "@/api/problem";
import type { Draft } from "./draft";

/** What was refused, each complaint at its place. */
export interface Refused {
  /** Above everything. */
  above: string | undefined;
  /** By place: `everything`, a kind, `rulesTo`, `reportsTo`, `deactivate`. */
  at: Record<string, string | undefined>;
  /** Who would own more than their pool allows. */
  over: OverCap[];
}

const PLACES: Record<string, string> = {
  assignment_rules_to: "rulesTo",
  reports_to: "reportsTo",
  deactivate: "deactivate",
  reason: "reason",
};

/** Codes of the whole request that are about one place of it. */
const PLACE_OF_CODE: Record<string, string> = { last_admin: "deactivate", cycle: "reportsTo" };

function placeOf(path: string, draft: Draft): string | undefined {
  const [first = ""] = path.split(".");
  const kind = HELD_KINDS.find((known) => known === first);
  if (!kind) return PLACES[first];
  return draft.kinds[kind].way === "everything" ? "everything" : kind;
}

function overOf({ code, body }: Problem): OverCap[] {
  return code === "claim_refused" && Array.isArray(body.over) ? (body.over as OverCap[]) : [];
}

/** Puts what the server refused where it can be mended. */
export function refusedOf(problem: Problem | null, draft: Draft): Refused {
  const refused: Refused = { above: undefined, at: {}, over: [] };
  if (!problem) return refused;
  const detail = problem.detail ?? problem.title;
  refused.over = overOf(problem);
  const place = PLACE_OF_CODE[problem.code];
  if (place) refused.at[place] = detail;
  else {
    for (const [path, complaint] of Object.entries(problem.fieldErrors())) {
      const at = placeOf(path, draft);
      if (at) refused.at[at] ??= complaint;
      else refused.above ??= complaint;
    }
  }
  const isPlaced = refused.over.length > 0 || Object.keys(refused.at).length > 0;
  if (!isPlaced) refused.above ??= detail;
  return refused;
}

/** Where it is said that somebody would own too many: where customers are given. */
export function customersPlace(draft: Draft): "everything" | HeldKind {
  return draft.kinds.customers.way === "everything" ? "everything" : "customers";
}

/** `Amy has 48 customers, may have 50 and would get 12.` */
export function overWords(t: TFunction, { user, limit, owned, given }: OverCap): string {
  return t("handover:refused.over", { name: user.name, limit, owned, given });
}
