import { useRef } from "react";
import type { Place } from "@/api/activity-templates";
import { type Placeable, placed, type TemplateDraft, worded } from "./draft";

type Control = HTMLInputElement | HTMLTextAreaElement;

/** Puts places where the caret was last; into the text before it was anywhere. */
export function usePlaces(values: TemplateDraft, set: (changes: Partial<TemplateDraft>) => void) {
  const controls = useRef<Partial<Record<Placeable, Control | null>>>({});
  const last = useRef<Placeable>("body");
  return {
    /** What a control must take, so that places can be put into it. */
    into: (name: Placeable) => ({
      ref: (control: Control | null) => {
        controls.current[name] = control;
      },
      onFocus: () => {
        last.current = name;
      },
    }),
    insert(place: Place) {
      const name = controls.current[last.current] ? last.current : "body";
      const control = controls.current[name];
      if (!control) return;
      const text = values[name];
      const from = control.selectionStart ?? text.length;
      const to = control.selectionEnd ?? from;
      const word = placed(place);
      set(worded(name, text.slice(0, from) + word + text.slice(to)));
      requestAnimationFrame(() => {
        control.focus();
        control.setSelectionRange(from + word.length, from + word.length);
      });
    },
  };
}

/** What puts places into the fields. */
export type Places = ReturnType<typeof usePlaces>;
