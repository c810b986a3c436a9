import { PAPERS, type Paper, type StickyNote } from "@/api/at-hand";
import type { About } from "@/api/types";

/** What was written on a note and has not been saved, and the note it was written on. */
export interface NoteDraft {
  body: string;
  colour: Paper;
  base: StickyNote;
}

/** A note nobody has written on yet; its version says that the server does not know it. */
export function blankNote(about: About | null, id: string = crypto.randomUUID()): StickyNote {
  const now = new Date().toISOString();
  return { id, body: "", colour: PAPERS[0], about, version: 0, created_at: now, updated_at: now };
}

function isDraft(value: unknown): value is NoteDraft {
  return typeof value === "object" && value !== null && "body" in value && "base" in value;
}

/** What this browser has kept under a key. */
export function keptDraft(key: string): NoteDraft | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return isDraft(stored) ? stored : null;
  } catch {
    // What cannot be read is no draft.
    return null;
  }
}

/** Keeps a draft until it is saved, also when the page is left; null forgets it. */
export function keepDraft(key: string, draft: NoteDraft | null): void {
  if (draft === null) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(draft));
}

/** What of a draft differs from the note it was written on. */
export function changesOf({
  body,
  colour,
  base,
}: NoteDraft): Partial<Pick<StickyNote, "body" | "colour">> {
  return {
    ...(body.trim() !== base.body.trim() && body.trim() !== "" && { body: body.trim() }),
    ...(colour !== base.colour && { colour }),
  };
}

/** Whether there is anything to save; a new note without a word is none. */
export function isWorthSaving(draft: NoteDraft): boolean {
  if (draft.base.version === 0) return draft.body.trim() !== "";
  return Object.keys(changesOf(draft)).length > 0;
}
