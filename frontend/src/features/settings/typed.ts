/** A number as a form holds it; empty for none. */
export function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** What was typed as a number; null for nothing. */
export function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
