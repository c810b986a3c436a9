import { useEffect, useRef, useState } from "react";
import type { StickyNote } from "@/api/at-hand";
import type { About } from "@/api/types";
import { blankNote, keptDraft } from "./drafts";

/**
 * A note to begin on. What an earlier visit could not save stands on it. Once the server knows it, it goes on being
 * the same paper under the hand; the next one comes when it is left.
 */
export function useBlank(key: string, about: About | null, notes: StickyNote[]) {
  const [blank, setBlank] = useState(() => blankNote(about, keptDraft(key)?.base.id));
  const isHeld = useRef(false);
  const isKnown = notes.some(({ id }) => id === blank.id);
  const renew = () => setBlank(blankNote(about));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only that it has become known counts
  useEffect(() => {
    if (isKnown && !isHeld.current) renew();
  }, [isKnown]);
  return {
    blank,
    isKnown,
    /** For the element around it. */
    holding: {
      onFocus: () => {
        isHeld.current = true;
      },
      onBlur: () => {
        isHeld.current = false;
        if (isKnown) renew();
      },
    },
  };
}
