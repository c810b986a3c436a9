import type { QueryClient } from "@tanstack/react-query";
import { createStickyNote, type NoteInput, type StickyNote, updateStickyNote } from "@/api/at-hand";
import { asProblem } from "@/api/problem";
import { readNote } from "./cached-notes";
import { blankNote, changesOf, type NoteDraft } from "./drafts";

/** Another page has written something else on the same note. */
export class Collision extends Error {
  constructor(readonly theirs: StickyNote) {
    super("the note was changed elsewhere");
    this.name = "Collision";
  }
}

type Written = Pick<StickyNote, "body" | "colour" | "about"> & { id?: string };

/** What is sent of a new note; what may no longer be seen cannot be written about. */
export function inputOf({ about, ...rest }: Written): NoteInput {
  if (!about || about.name === null) return rest;
  return { ...rest, about: { type: about.type, id: about.id } };
}

async function create(client: QueryClient, { body, colour, base }: NoteDraft): Promise<StickyNote> {
  const { id, about } = base;
  const input = inputOf({ id, body: body.trim(), colour, about });
  try {
    // Whatever is sent again under one key must be the same.
    return await createStickyNote(input, crypto.randomUUID());
  } catch (error) {
    // The first answer was lost on its way: the note is there.
    const there = asProblem(error).code === "duplicate" ? await readNote(client, id) : undefined;
    if (!there) throw error;
    return change(client, { body, colour, base: there });
  }
}

async function change(client: QueryClient, draft: NoteDraft): Promise<StickyNote> {
  const { base } = draft;
  const changes = changesOf(draft);
  if (Object.keys(changes).length === 0) return base;
  try {
    return await updateStickyNote(base.id, base.version, changes);
  } catch (error) {
    const problem = asProblem(error);
    // Thrown away elsewhere while it was written here: what was written goes on as a new note.
    if (problem.status === 404 && changes.body !== undefined) {
      return create(client, { ...draft, base: blankNote(base.about) });
    }
    if (problem.code !== "version_conflict") throw problem;
    const theirs = (problem.body.current as StickyNote | null) ?? (await readNote(client, base.id));
    if (!theirs) throw problem;
    const isText = changes.body !== undefined && theirs.body !== base.body;
    if (isText && theirs.body !== changes.body) throw new Collision(theirs);
    // The colour here and the text there do not contradict each other.
    const body = changes.body ?? theirs.body;
    const colour = changes.colour ?? theirs.colour;
    return change(client, { body, colour, base: theirs });
  }
}

/** Writes what of a draft is new, and answers with the note as it is then. */
export function saveDraft(client: QueryClient, draft: NoteDraft): Promise<StickyNote> {
  return draft.base.version === 0 ? create(client, draft) : change(client, draft);
}
