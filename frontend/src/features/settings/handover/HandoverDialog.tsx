import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { createHandover, type Handover, type Holdings, holdingsQuery } from "@/api/handover";
import type { User } from "@/api/people";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { toast } from "@/ui/Toast";
import { Loaded } from "../Loaded";
import { countsWords } from "./counts";
import { blankDraft, type Draft, inputOf, missingOf, shownKinds } from "./draft";
import { HandoverForm } from "./HandoverForm";
import { HandoverResult } from "./HandoverResult";
import { type Refused, refusedOf } from "./refusal";
import { takeBackFromToast } from "./take-back";
import { UndoButton } from "./UndoButton";

interface HandoverDialogProps {
  user: User;
  /** Whether they are to be switched off with it, unless somebody says otherwise. */
  deactivate: boolean;
  onClose: () => void;
}

function hasSomething(holdings: Holdings): boolean {
  const { assignment_rules, reports } = holdings;
  return shownKinds(holdings).length > 0 || assignment_rules + reports > 0;
}

/** Hands over what somebody has, then says who has got what. */
export function HandoverDialog({ user, deactivate, onClose }: HandoverDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = useId();
  const holdings = useQuery(holdingsQuery(user.id));
  const [draft, setDraft] = useState(() => blankDraft(deactivate && user.is_active));
  const [isTried, setTried] = useState(false);
  const [done, setDone] = useState<Handover | null>(null);
  const handOver = useMutation({
    mutationFn: (held: Holdings) => createHandover(user.id, inputOf(draft, held)),
    onSuccess: setDone,
    // It touches all there is; what is held may be more than was shown, too.
    onSettled: () => void client.invalidateQueries(),
  });

  function change(changes: Partial<Draft>) {
    setDraft((old) => ({ ...old, ...changes }));
    // What was refused stays to be read while the limits are lifted.
    if (!("exceedCaps" in changes)) handOver.reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    // A dialog is inside the page for React, so the submit would reach forms further up.
    event.stopPropagation();
    setTried(true);
    const held = holdings.data;
    if (!held || handOver.isPending || missingOf(draft, held).size > 0) return;
    handOver.mutate(held);
  }

  function refusedFor(held: Holdings): Refused {
    const refused = refusedOf(handOver.error ? asProblem(handOver.error) : null, draft);
    if (isTried) {
      for (const place of missingOf(draft, held)) refused.at[place] = t("handover:form.missing");
    }
    return refused;
  }

  if (done) return <DoneDialog user={user} handover={done} onChange={setDone} onClose={onClose} />;
  const isOffered = holdings.data !== undefined && hasSomething(holdings.data);
  return (
    <Dialog
      open
      isSheet
      keepOnOutsidePress
      onOpenChange={onClose}
      title={t("handover:title", { name: user.name })}
      description={t("handover:hint")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          {isOffered && (
            <Button type="submit" form={id} variant="primary" busy={handOver.isPending}>
              {t(draft.deactivate ? "handover:submitOff" : "handover:submit")}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={holdings}>
        {(held) => {
          if (!hasSomething(held)) return <EmptyState title={t("handover:nothing")} />;
          const refused = refusedFor(held);
          return (
            <form id={id} noValidate onSubmit={submit}>
              {refused.above && (
                <p role="alert" className="mb-3 text-danger">
                  {refused.above}
                </p>
              )}
              <HandoverForm
                user={user}
                holdings={held}
                draft={draft}
                onChange={change}
                refused={refused}
              />
            </form>
          );
        }}
      </Loaded>
    </Dialog>
  );
}

interface DoneDialogProps {
  user: User;
  handover: Handover;
  onChange: (handover: Handover) => void;
  onClose: () => void;
}

/** Who has got what; once it is closed, a toast still offers to take it back. */
function DoneDialog({ user, handover, onChange, onClose }: DoneDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  function close() {
    onClose();
    if (!handover.can_undo) return;
    toast(t("handover:done", { name: user.name }), {
      description: countsWords(t, handover.counts),
      action: { label: t("settings:undo"), run: () => takeBackFromToast(client, t, handover) },
    });
  }
  const title = handover.undone_at ? "handover:undo.done" : "handover:done";
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t(title, { name: user.name })}
      footer={
        <>
          <UndoButton handover={handover} onUndone={onChange} />
          <Button variant="primary" onClick={close}>
            {t("common:close")}
          </Button>
        </>
      }
    >
      <HandoverResult handover={handover} />
    </Dialog>
  );
}
