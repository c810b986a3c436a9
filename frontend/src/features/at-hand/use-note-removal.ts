import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  createStickyNote,
  deleteStickyNote,
  type StickyNote,
  stickyNotesQuery,
} from "@/api/at-hand";
import { asProblem } from "@/api/problem";
import { toastProblem } from "@/features/records/use-delete";
import { toast } from "@/ui/Toast";
import { hideNote, isKnown, showNote } from "./cached-notes";
import { inputOf } from "./save";

/** Throws a note away at once, and offers to write the same again. */
export function useNoteRemoval() {
  const { t } = useTranslation();
  const client = useQueryClient();

  async function again({ body, colour, about }: StickyNote) {
    const input = inputOf({ body, colour, about });
    try {
      await showNote(client, await createStickyNote(input, crypto.randomUUID()));
    } catch (error) {
      toastProblem(asProblem(error));
    }
  }

  /** Throws away what stands on it now, saved or not. */
  return async (note: StickyNote): Promise<void> => {
    // It may have been saved since it was drawn.
    const isSaved = isKnown(client, note.id);
    await hideNote(client, note.id);
    try {
      if (isSaved) await deleteStickyNote(note.id);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 404) {
        toastProblem(problem);
        await client.invalidateQueries(stickyNotesQuery());
        return;
      }
    }
    toast(t("desk:thrownAway"), {
      action: { label: t("records:undo"), run: () => void again(note) },
    });
  };
}
