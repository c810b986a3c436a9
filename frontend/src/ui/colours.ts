/** The named colours that statuses, stages and avatars may have. */
export const COLOURS = ["gray", "blue", "violet", "amber", "green", "red", "teal", "pink"] as const;

export type ColourName = (typeof COLOURS)[number];

/** The CSS values of a named colour; an unknown name is gray. */
export function colourVars(name: string): { dot: string; soft: string; text: string } {
  const known = (COLOURS as readonly string[]).includes(name) ? name : "gray";
  return {
    dot: `var(--${known}-dot)`,
    soft: `var(--${known}-soft)`,
    text: `var(--${known}-text)`,
  };
}

/** A stable colour for a name, never gray. */
export function colourOf(text: string): ColourName {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[1 + (hash % (COLOURS.length - 1))] ?? "blue";
}
