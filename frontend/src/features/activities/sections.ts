import type { Activity, Me } from "@/api/types";
import { urgencyOf } from "@/features/records/NextStep";

/** Whose tasks are looked at. */
export type Whose = "me" | "team";

/** Whose they are, in the filter language. */
export const OWNER: Record<Whose, string> = { me: "owner_id = @me", team: "team_id = @my_team" };
const BEYOND_ONESELF = ["team", "team_and_below", "all"];

/** Whether there is a team whose tasks may be seen. */
export function seesTeam({ permissions, team_id }: Me): boolean {
  return (
    team_id !== null &&
    permissions.some(
      ({ type, action, scope }) =>
        type === "activity" && action === "view" && BEYOND_ONESELF.includes(scope),
    )
  );
}

const OPEN = 'status = "open"';

/** How many days ahead are looked at. */
export const AHEAD = 14;

/** What is asked for, in the filter language. */
export function filtersOf(whose: Whose) {
  const mine = OWNER[whose];
  return {
    dated: `${mine} AND ${OPEN} AND due_at < @today+${AHEAD + 1}d`,
    undated: `${mine} AND ${OPEN} AND due_at IS NULL`,
    opportunities: `${mine} AND category = "open" AND next_activity_at IS NULL`,
    leads: `${mine} AND status_category = "working" AND next_activity_at IS NULL`,
  };
}

/** What is due by the end of today, in the filter language. */
export const DUE_TODAY = `${OWNER.me} AND ${OPEN} AND due_at < @today+1d`;

const SECTIONS = ["overdue", "today", "later"] as const;

/** Activities with a day by how pressing they are; empty sections are left out. */
export function sectionsOf(activities: Activity[]) {
  return SECTIONS.map((id) => ({
    id,
    activities: activities.filter(({ due_at }) => urgencyOf(due_at) === id),
  })).filter((section) => section.activities.length > 0);
}
