import { type Dispatch, type RefObject, type SetStateAction, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FilledTemplate, Place } from "@/api/activity-templates";
import { toast } from "@/ui/Toast";
import type { Draft } from "../draft";
import { draftOfTemplate } from "./filled";

/** Puts filled templates into a draft, to be undone, and knows what was left blank in it. */
export function useTemplate(
  setDraft: Dispatch<SetStateAction<Draft>>,
  draft: Draft,
  box: RefObject<HTMLTextAreaElement | null>,
) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState<Place[]>([]);
  const last = useRef<FilledTemplate | null>(null);

  function fill(filled: FilledTemplate, name: string) {
    const before = draft;
    last.current = filled;
    setDraft((old) => ({ ...old, ...draftOfTemplate(filled) }));
    setMissing(filled.missing);
    toast(t("templates:filled", { name }), {
      action: {
        label: t("records:undo"),
        run: () => {
          // What was posted since, or filled once more, is not written over.
          if (last.current !== filled) return;
          // What was attached meanwhile stays.
          setDraft(({ attachments }) => ({ ...before, attachments }));
          setMissing([]);
        },
      },
    });
    // The menu gives the focus back to its button first.
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
    });
  }
  function forget() {
    last.current = null;
    setMissing([]);
  }
  return { missing, fill, forget };
}
