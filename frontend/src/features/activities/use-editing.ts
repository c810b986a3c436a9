import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { refreshActivities, updateActivity } from "@/api/activities";
import { asProblem, type Problem } from "@/api/problem";
import type { Activity } from "@/api/types";
import { changeCached } from "./cached";
import { changesOf, type Draft, draftOf } from "./draft";
import { useDraftFiles, useWaiting } from "./files/use-draft-files";

/** The form of an activity: what was changed in it, its files, and how that is saved. */
export function useEditing(activity: Activity, onClose: () => void) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(activity));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const files = useDraftFiles(draft, setDraft);
  const canSave = activity.kind !== "task" || draft.text.trim() !== "";

  async function write() {
    const changes = changesOf(draft, activity);
    if (Object.keys(changes).length === 0) return onClose();
    setBusy(true);
    try {
      const written = await updateActivity(activity, changes);
      changeCached(client, activity.id, written);
      onClose();
    } catch (error) {
      const refused = asProblem(error);
      files.dropGone(refused);
      setProblem(refused);
    } finally {
      setBusy(false);
      void refreshActivities(client, [...activity.about, ...draft.more]);
    }
  }
  const waiting = useWaiting(files, () => void write());
  return {
    draft,
    change: (changes: Partial<Draft>) => setDraft((old) => ({ ...old, ...changes })),
    files,
    problem,
    isWaiting: waiting.isWaiting,
    busy: busy || waiting.isWaiting,
    canSave,
    save: () => {
      if (!busy && canSave) waiting.ask();
    },
    /** Nothing is kept of what was sent for it. */
    giveUp() {
      for (const file of draft.attachments) if (file.created_at) files.detach(file);
      onClose();
    },
  };
}
