import { type RefObject, useRef, useState } from "react";
import type { About, ActivityKind } from "@/api/types";
import { usePhone } from "@/lib/media";
import { blank, canBeKept, type Draft, recordsOf } from "./draft";
import { useDraftFiles, useWaiting } from "./files/use-draft-files";
import { useDrop } from "./files/use-drop";
import { useTemplate } from "./templates/use-template";
import { useDraft } from "./use-draft";
import { usePosting } from "./use-posting";
import { useVisible } from "./use-visible";

interface Place {
  about: About;
  usual: About[];
  draftKey: string;
  box: RefObject<HTMLTextAreaElement | null>;
}

/** What the box of the timeline works with: its draft, its files, and how it is sent. */
export function useBox({ about, usual, draftKey, box }: Place) {
  const isPhone = usePhone();
  const [draft, setDraft, expired] = useDraft(draftKey);
  const isBegun = draft.text !== "" || draft.attachments.length + expired.length > 0;
  const [isOpen, setOpen] = useState(isBegun);
  const offered = useVisible(usual, isOpen);
  const records = recordsOf(draft, [about], offered);
  const change = (changes: Partial<Draft>) => setDraft((old) => ({ ...old, ...changes }));
  const files = useDraftFiles(draft, setDraft, expired);
  const { isOver, zone } = useDrop((candidates) => {
    setOpen(true);
    files.add(candidates);
  });
  const template = useTemplate(setDraft, draft, box);
  const { post, isPosting, problem } = usePosting(files.dropGone);
  const whenPosted = useRef<(() => void) | null>(null);

  function close() {
    setOpen(false);
    box.current?.blur();
  }
  async function postDraft() {
    const posted = await post(draft, records);
    if (!posted) return;
    whenPosted.current?.();
    whenPosted.current = null;
    setDraft(blank(draft.kind));
    files.forgetGone();
    template.forget();
    if (isPhone) close();
    else box.current?.focus();
  }
  const waiting = useWaiting(files, () => void postDraft());
  const canSend = canBeKept(draft) || (files.isRunning && draft.kind !== "task");

  function write(kind: ActivityKind) {
    change({ kind });
    setOpen(true);
    box.current?.focus();
  }
  return {
    draft,
    change,
    records,
    offered,
    files,
    template,
    drop: { isOver, zone },
    isOpen,
    open: () => setOpen(true),
    /** Makes it small again, unless there is something in it. */
    leave: () =>
      draft.text === "" && draft.attachments.length + files.uploads.length === 0 && close(),
    write,
    writeBehind(kind: ActivityKind, text: string, onPosted: () => void) {
      const written = draft.text.trim();
      change({ text: written === "" ? text : `${written}\n${text}` });
      whenPosted.current = onPosted;
      write(kind);
    },
    canSend,
    isSending: isPosting || waiting.isWaiting,
    isWaiting: waiting.isWaiting,
    send: () => {
      if (!isPosting && canSend) waiting.ask();
    },
    problem,
  };
}

/** What the parts of the box see of it. */
export type BoxState = ReturnType<typeof useBox>;
