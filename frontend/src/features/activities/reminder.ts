const MINUTE_MS = 60_000;

/** How many minutes ahead are offered; none is when it is due. */
export const AHEAD = [0, 10, 60, 1_440];

/** The instant of a reminder, or null for when it is due. */
export function remindAt(due: string, ahead: number): string | null {
  return ahead === 0 ? null : new Date(Date.parse(due) - ahead * MINUTE_MS).toISOString();
}

/** How many minutes before something is due its reminder comes; fewer than none is after it. */
export function minutesAhead(due: string, reminder: string | null): number {
  return reminder === null ? 0 : (Date.parse(due) - Date.parse(reminder)) / MINUTE_MS;
}
