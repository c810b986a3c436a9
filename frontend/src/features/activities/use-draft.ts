import { useEffect, useState } from "react";
import { blank, type Draft } from "./draft";

function read(key: string): Draft {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (typeof stored === "object") return { ...blank("note"), ...stored };
  } catch {
    // What cannot be read is no draft.
  }
  return blank("note");
}

/** A draft that outlives the page, under a key of its own in this browser; an empty one leaves no trace. */
export function useDraft(key: string) {
  const [draft, setDraft] = useState(() => read(key));
  useEffect(() => {
    if (draft.text.trim() === "") localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  }, [key, draft]);
  return [draft, setDraft] as const;
}
