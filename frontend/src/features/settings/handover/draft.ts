import { type HandoverInput, HELD_KINDS, type HeldKind, type Holdings } from "@/api/handover";
import type { Ref, Schemas } from "@/api/types";

/** What becomes of one kind: as everything, or something of its own. */
export type Way = "everything" | "people" | "pool" | "nobody" | "stay";

export interface KindDraft {
  way: Way;
  people: Ref[];
  pool_id: string | null;
}

/** What is chosen so far. */
export interface Draft {
  /** Who takes over what nothing else is said of. */
  everything: Ref[];
  kinds: Record<HeldKind, KindDraft>;
  withClosed: boolean;
  /** Undefined is the first of those who take over everything. */
  rulesTo: Ref | null | undefined;
  reportsTo: Ref | null | undefined;
  deactivate: boolean;
  exceedCaps: boolean;
  reason: string;
}

/** Nothing is chosen yet. */
export function blankDraft(deactivate: boolean): Draft {
  const kind: KindDraft = { way: "everything", people: [], pool_id: null };
  return {
    everything: [],
    kinds: Object.fromEntries(HELD_KINDS.map((name) => [name, kind])) as Draft["kinds"],
    withClosed: false,
    rulesTo: undefined,
    reportsTo: undefined,
    deactivate,
    exceedCaps: false,
    reason: "",
  };
}

/** The kinds of which there is something to give. */
export function givenKinds(holdings: Holdings, withClosed: boolean): HeldKind[] {
  const closed = withClosed ? holdings.closed_opportunities : 0;
  return HELD_KINDS.filter((kind) => holdings[kind] + (kind === "opportunities" ? closed : 0) > 0);
}

/** What there is to choose a way for: also what would only go if the closed ones go. */
export function shownKinds(holdings: Holdings): HeldKind[] {
  return givenKinds(holdings, true);
}

/** Who takes over one place: the one chosen, else the first of those who take over everything. */
export function heirOf(draft: Draft, place: "rulesTo" | "reportsTo"): Ref | null {
  const chosen = draft[place];
  return chosen === undefined ? (draft.everything[0] ?? null) : chosen;
}

function heirsOf(draft: Draft, kind: HeldKind): Schemas["HandoverHeirs"] | null {
  const { way, people, pool_id } = draft.kinds[kind];
  if (way === "stay") return null;
  if (way === "nobody") return { nobody: true, user_ids: [] };
  if (way === "pool") return { nobody: false, pool_id, user_ids: [] };
  const users = way === "people" ? people : draft.everything;
  return { nobody: false, user_ids: users.map(({ id }) => id) };
}

/** Where somebody is still to be chosen: `everything`, or a kind. */
export function missingOf(draft: Draft, holdings: Holdings): Set<string> {
  const missing = new Set<string>();
  for (const kind of givenKinds(holdings, draft.withClosed)) {
    const { way, people, pool_id } = draft.kinds[kind];
    if (way === "everything" && draft.everything.length === 0) missing.add("everything");
    if (way === "people" && people.length === 0) missing.add(kind);
    if (way === "pool" && pool_id === null) missing.add(kind);
  }
  return missing;
}

/** The request. */
export function inputOf(draft: Draft, holdings: Holdings): HandoverInput {
  const kinds = givenKinds(holdings, draft.withClosed).flatMap((kind) => {
    const heirs = heirsOf(draft, kind);
    return heirs ? [[kind, heirs] as const] : [];
  });
  const rules = holdings.assignment_rules > 0 ? heirOf(draft, "rulesTo") : null;
  const reason = draft.reason.trim();
  return {
    ...Object.fromEntries(kinds),
    with_closed_opportunities: draft.withClosed,
    ...(rules && { assignment_rules_to: rules.id }),
    ...(holdings.reports > 0 && { reports_to: heirOf(draft, "reportsTo")?.id ?? null }),
    deactivate: draft.deactivate,
    exceed_caps: draft.exceedCaps,
    ...(reason !== "" && { reason }),
  };
}
