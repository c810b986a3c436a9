import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Activity } from "@/api/types";
import { isSending } from "@/lib/composing";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormField } from "@/ui/FormField";
import { Details } from "./Details";
import { AttachButton } from "./files/AttachButton";
import { DropHint } from "./files/DropHint";
import { FileChips } from "./files/FileChips";
import { isOnlyGone } from "./files/uploads";
import { useDrop } from "./files/use-drop";
import { Links } from "./Links";
import { MentionArea } from "./MentionArea";
import { useEditing } from "./use-editing";
import { reasonsOf } from "./use-posting";

interface EditActivityProps {
  activity: Activity;
  onClose: () => void;
}

/** The form of an activity that was noted or planned before. */
export function EditActivity({ activity, onClose }: EditActivityProps) {
  const { t } = useTranslation();
  const { draft, change, files, problem, ...form } = useEditing(activity, onClose);
  const { isOver, zone } = useDrop(files.add);
  const kind = t(`activities:kinds.${activity.kind}`);

  function onKeyDown(event: KeyboardEvent) {
    if (!isSending(event)) return;
    event.preventDefault();
    // A dialog is inside the page for React, so the key would reach the composer of the page.
    event.stopPropagation();
    form.save();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && form.giveUp()}
      title={t("common:editNamed", { name: kind })}
      keepOnOutsidePress
      footer={
        <>
          <p role="status" className="mr-auto self-center text-fg3 text-xs">
            {form.isWaiting && t("files:sendingAll")}
          </p>
          <Button onClick={form.giveUp}>{t("common:cancel")}</Button>
          <Button variant="primary" busy={form.busy} disabled={!form.canSave} onClick={form.save}>
            {t("records:edit.save")}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the controls inside take the keys */}
      <div className="relative flex flex-col gap-3" onKeyDown={onKeyDown} {...zone}>
        {isOver && <DropHint />}
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
        <FileChips attached={draft.attachments} files={files} gone={files.gone} />
        <AttachButton files={files} className="-ml-2 self-start" />
        <Details isKept isOver={activity.status !== "open"} draft={draft} onChange={change} />
        <Links draft={draft} onChange={change} />
        {problem && !isOnlyGone(problem) && (
          <p role="alert" className="text-danger">
            {reasonsOf(problem)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
