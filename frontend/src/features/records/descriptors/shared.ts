import type { ColumnSpec, Field } from "../model";

/** The fields every owned record has. */
export const headFields: Field[] = [
  { name: "number", label: "records:field.number", kind: "integer", isReadOnly: true },
  { name: "owner_id", label: "records:field.owner_id", kind: "user" },
  { name: "tags", label: "records:field.tags", kind: "tags", isWide: true },
  { name: "source", label: "records:field.source", kind: "source" },
  {
    name: "external_ids",
    label: "records:field.external_ids",
    kind: "externalIds",
    isWide: true,
    isRare: true,
  },
  {
    name: "last_activity_at",
    label: "records:field.last_activity_at",
    kind: "instant",
    isReadOnly: true,
  },
  { name: "created_at", label: "records:field.created_at", kind: "instant", isReadOnly: true },
  { name: "updated_at", label: "records:field.updated_at", kind: "instant", isReadOnly: true },
];

/** When the next step is due; where one ought to be planned, a record without it says so. */
export function nextStep(isAwaited?: Field["isAwaited"]): Field {
  return {
    name: "next_activity_at",
    label: "records:field.next_activity_at",
    kind: "due",
    isReadOnly: true,
    ...(isAwaited && { isAwaited }),
  };
}

/** The column of what was done last. */
export const lastActivityColumn: ColumnSpec = {
  field: "last_activity_at",
  width: 110,
  sortKey: "last_activity_at",
  isHiddenAtFirst: true,
};

/** The column of what is next. */
export const nextStepColumn: ColumnSpec = {
  field: "next_activity_at",
  width: 130,
  sortKey: "next_activity_at",
};

/** The tab of a list that shows what the user owns. */
export const mineView = {
  id: "mine",
  label: "records:view.mine",
  filter: "owner_id = @me",
};

/** The tab of a list that shows everything. */
export const allView = { id: "all", label: "records:view.all" };

export const DECISION_ROLES = ["decision_maker", "influencer", "user", "gatekeeper"] as const;

/** What part somebody plays in a deal. */
export const STAKEHOLDER_ROLES = [...DECISION_ROLES, "other"] as const;
