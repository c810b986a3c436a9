import { type Dispatch, type SetStateAction, useEffect, useState } from "react";
import type { Problem } from "@/api/problem";
import type { Draft } from "../draft";
import { goneOf } from "./uploads";
import { type Uploads, useUploads } from "./use-uploads";

/** Sends at once, or as soon as all files have arrived; not if one of them is refused meanwhile. */
export function useWaiting(files: Uploads, send: () => void) {
  const [refusedBefore, setWaiting] = useState<number | null>(null);
  useEffect(() => {
    if (refusedBefore === null || files.isRunning) return;
    setWaiting(null);
    if (files.refused <= refusedBefore) send();
  });
  return {
    isWaiting: refusedBefore !== null,
    ask: () => (files.isRunning ? setWaiting(files.refused) : send()),
  };
}

/** The files of a draft: those that are sent, and those that the server no longer has. */
export function useDraftFiles(
  { attachments }: Draft,
  setDraft: Dispatch<SetStateAction<Draft>>,
  expired: string[] = [],
) {
  const [gone, setGone] = useState(expired);
  const uploads = useUploads(attachments, (change) =>
    setDraft((old) => ({ ...old, attachments: change(old.attachments) })),
  );
  return {
    ...uploads,
    gone,
    forgetGone: () => setGone([]),
    dropGone(problem: Problem) {
      const lost = goneOf(problem, attachments);
      if (lost.length === 0) return;
      setGone(lost.map(({ name }) => name));
      setDraft((old) => ({
        ...old,
        attachments: old.attachments.filter((file) => !lost.some(({ id }) => id === file.id)),
      }));
    },
  };
}
