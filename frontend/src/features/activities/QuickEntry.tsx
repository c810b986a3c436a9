import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { collections } from "@/api/activities";
import type { About, Singular } from "@/api/types";
import { isSending } from "@/lib/composing";
import { today } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Combobox, type Option } from "@/ui/Combobox";
import { DateField } from "@/ui/DateField";
import { Dialog } from "@/ui/Dialog";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Kbd } from "@/ui/Kbd";
import { toast } from "@/ui/Toast";
import { blank, canRemind } from "./draft";
import { MentionArea } from "./MentionArea";
import { chosen, findAbout, optionOf } from "./options";
import { ReminderField } from "./ReminderField";
import { pathOf } from "./TaskRow";
import { reasonsOf, usePosting } from "./use-posting";

const TYPES = Object.keys(collections) as Singular[];

interface QuickEntryProps {
  kind: "note" | "task";
  /** Records offered before anything is typed. */
  usual: About[];
  /** The day and time of a task, where they are chosen already. */
  at?: { date: string; time: string };
  onClose: () => void;
}

/** From anywhere: which record, and what was done or is to be done. */
export function QuickEntry({ kind, usual, at, onClose }: QuickEntryProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [record, setRecord] = useState<Option | null>(null);
  const [draft, setDraft] = useState(() => ({
    ...blank(kind),
    ...(kind === "task" && (at ?? { date: today() })),
  }));
  const { post, isPosting, problem } = usePosting();
  // A note is about something; a task may be one's own.
  const canSend = draft.text.trim() !== "" && (kind === "task" || record !== null);

  async function search(text: string, signal: AbortSignal): Promise<Option[]> {
    if (text !== "") return findAbout(TYPES, t, text, signal);
    return usual.map((about) => optionOf(about, t(`records:one.${collections[about.type]}`)));
  }

  async function send() {
    if (isPosting || !canSend) return;
    const about = record ? [chosen<About>(record)] : [];
    const posted = await post(draft, about);
    if (!posted) return;
    const [first] = about;
    const to = first ? pathOf(first) : "/tasks";
    toast(t("activities:noted", { name: posted.name }), {
      action: { label: t("records:open"), run: () => void navigate({ to }) },
    });
    onClose();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!isSending(event)) return;
    event.preventDefault();
    void send();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`activities:quick.${kind}`)}
      keepOnOutsidePress={draft.text !== ""}
      footer={
        <Button variant="primary" busy={isPosting} disabled={!canSend} onClick={() => void send()}>
          {kind === "task" ? t("activities:plan") : t("activities:post")}
          <Kbd keys="$mod+Enter" className="*:border-current/40 *:bg-transparent *:text-current" />
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the controls inside take the keys */}
      <div className="flex flex-col gap-3" onKeyDown={onKeyDown}>
        <FormField label={t("activities:aboutWhich")} required={kind === "note"}>
          {(control) => (
            <Combobox
              {...control}
              value={record}
              onChange={setRecord}
              search={search}
              placeholder={t("activities:findRecord")}
            />
          )}
        </FormField>
        <FormField label={t(`activities:what.${kind}`)} required>
          {(control) => (
            <MentionArea
              {...control}
              className="min-h-20"
              maxLength={20_000}
              placeholder={t(`activities:placeholder.${kind}`)}
              value={draft}
              onChange={(written) => setDraft({ ...draft, ...written })}
            />
          )}
        </FormField>
        {kind === "task" && (
          <div className="flex flex-wrap items-end gap-2">
            <FormField label={t("activities:due")} className="flex-1">
              {(control) => (
                <DateField
                  {...control}
                  placeholder={t("activities:noDue")}
                  value={draft.date}
                  onChange={(date) => setDraft({ ...draft, date })}
                />
              )}
            </FormField>
            <FormField label={t("activities:time")} className="w-28">
              {(control) => (
                <Input
                  {...control}
                  type="time"
                  value={draft.time}
                  onChange={(event) => setDraft({ ...draft, time: event.target.value })}
                />
              )}
            </FormField>
            {canRemind(draft) && (
              <ReminderField
                className="w-44 phone:w-full"
                value={draft.remindAhead}
                onChange={(remindAhead) => setDraft({ ...draft, remindAhead })}
              />
            )}
          </div>
        )}
        {problem && (
          <p role="alert" className="text-danger">
            {reasonsOf(problem)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
