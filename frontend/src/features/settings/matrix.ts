import type { Permission } from "@/api/types";

export type Scope = Permission["scope"];

/** Scopes from narrow to wide. */
export const SCOPES: Scope[] = ["none", "own", "team", "team_and_below", "all"];

/** The types people own records of. */
export const OWNED = ["lead", "customer", "contact", "opportunity", "activity"] as const;

/** What is viewed or configured by all or by nobody. */
export const CONFIGURED = ["user", "team", "role", "configuration", "api_key"] as const;

/** What can be done to owned records. */
export const ACTIONS = [
  "view",
  "create",
  "edit",
  "delete",
  "assign",
  "convert",
  "export",
  "import",
  "merge",
] as const;

/** What can be done to activities. */
const PLAIN_ACTIONS = ["view", "create", "edit", "delete", "assign"];

/** Whether an action means anything for a type; only leads are converted. */
export function admits(type: string, action: string): boolean {
  if (type === "activity") return PLAIN_ACTIONS.includes(action);
  return action !== "convert" || type === "lead";
}

/** How far a role reaches; what is not granted is none. */
export function scopeOf(grants: Permission[], type: string, action: string): Scope {
  return grants.find((grant) => grant.type === type && grant.action === action)?.scope ?? "none";
}

/** The grants with one cell changed; none is left out. */
export function withScope(
  grants: Permission[],
  type: Permission["type"],
  action: Permission["action"],
  scope: Scope,
): Permission[] {
  const others = grants.filter((grant) => grant.type !== type || grant.action !== action);
  return scope === "none" ? others : [...others, { type, action, scope }];
}

/** How many cells differ between two sets of grants. */
export function differences(one: Permission[], other: Permission[]): number {
  const keys = new Set([...one, ...other].map(({ type, action }) => `${type} ${action}`));
  return [...keys].filter((key) => {
    const [type = "", action = ""] = key.split(" ");
    return scopeOf(one, type, action) !== scopeOf(other, type, action);
  }).length;
}
