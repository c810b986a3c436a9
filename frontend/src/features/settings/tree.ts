import type { Team } from "@/api/people";

/** A team with those below it. */
export interface TeamNode {
  team: Team;
  children: TeamNode[];
}

/** The teams as trees; one whose parent is not visible stands at the top. */
export function treeOf(teams: Team[]): TeamNode[] {
  const ids = new Set(teams.map((team) => team.id));
  const below = (parent: string | null, path: ReadonlySet<string>): TeamNode[] =>
    teams
      .filter(
        (team) => (team.parent_id && ids.has(team.parent_id) ? team.parent_id : null) === parent,
      )
      .filter((team) => !path.has(team.id))
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((team) => ({ team, children: below(team.id, new Set([...path, team.id])) }));
  return below(null, new Set());
}

/** The ids of a team and of all below it. */
export function subtreeOf(teams: Team[], id: string): Set<string> {
  const found = new Set([id]);
  let size = 0;
  while (size !== found.size) {
    size = found.size;
    for (const team of teams) {
      if (team.parent_id !== null && found.has(team.parent_id)) found.add(team.id);
    }
  }
  return found;
}

/** The teams as choices, indented by their depth. */
export function indented(
  teams: Team[],
  nodes = treeOf(teams),
  depth = 0,
): { value: string; label: string }[] {
  return nodes.flatMap(({ team, children }) => [
    { value: team.id, label: `${"\u2003".repeat(depth)}${team.name}` },
    ...indented(teams, children, depth + 1),
  ]);
}
