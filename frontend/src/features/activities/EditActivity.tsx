import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { refreshActivities, updateActivity } from "@/api/activities";
import { asProblem, type Problem } from "@/api/problem";
import type { Activity } from "@/api/types";
import { isSending } from "@/lib/composing";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormField } from "@/ui/FormField";
import { changeCached } from "./cached";
import { Details } from "./Details";
import { changesOf, type Draft, draftOf } from "./draft";
import { Links } from "./Links";
import { MentionArea } from "./MentionArea";
import { reasonsOf } from "./use-posting";

interface EditActivityProps {
  activity: Activity;
  onClose: () => void;
}

/** The form of an activity that was noted or planned before. */
export function EditActivity({ activity, onClose }: EditActivityProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(activity));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (changes: Partial<Draft>) => setDraft((old) => ({ ...old, ...changes }));
  const kind = t(`activities:kinds.${activity.kind}`);
  const canSave = activity.kind !== "task" || draft.text.trim() !== "";

  async function save() {
    const changes = changesOf(draft, activity);
    if (busy || !canSave) return;
    if (Object.keys(changes).length === 0) return onClose();
    setBusy(true);
    try {
      const written = await updateActivity(activity, changes);
      changeCached(client, activity.id, written);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
      void refreshActivities(client, [...activity.about, ...draft.more]);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!isSending(event)) return;
    event.preventDefault();
    // A dialog is inside the page for React, so the key would reach the composer of the page.
    event.stopPropagation();
    void save();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("common:editNamed", { name: kind })}
      keepOnOutsidePress
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button variant="primary" busy={busy} disabled={!canSave} onClick={() => void save()}>
            {t("records:edit.save")}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the controls inside take the keys */}
      <div className="flex flex-col gap-3" onKeyDown={onKeyDown}>
        <FormField label={kind}>
          {(control) => (
            <MentionArea
              {...control}
              className="min-h-24"
              maxLength={20_000}
              value={draft}
              onChange={change}
            />
          )}
        </FormField>
        <Details isKept isOver={activity.status !== "open"} draft={draft} onChange={change} />
        <Links draft={draft} onChange={change} />
        {problem && (
          <p role="alert" className="text-danger">
            {reasonsOf(problem)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
