import { useEffect, useRef, useState } from "react";
import type { StickyNote } from "@/api/at-hand";
import type { About } from "@/api/types";
import { afterPress } from "@/lib/press";
import { blankNote, keptDraft } from "./drafts";

/**
 * A note to begin on. What an earlier visit could not save stands on it. Once the server knows it, it goes on being
 * the same paper under the hand; the next one comes when it is left.
 */
export function useBlank(key: string, about: About | null, notes: StickyNote[]) {
  const [blank, setBlank] = useState(() => blankNote(about, keptDraft(key)?.base.id));
  const isHeld = useRef(false);
  const isKnown = notes.some(({ id }) => id === blank.id);
  const known = useRef(isKnown);
  known.current = isKnown;
  /** Looks again after the press: it may be one on the paper itself, whose focus goes from part to part. */
  const renew = () =>
    afterPress(() => {
      if (known.current && !isHeld.current) setBlank(blankNote(about));
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only that it has become known counts
  useEffect(() => {
    if (isKnown) renew();
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
        renew();
      },
    },
  };
}
