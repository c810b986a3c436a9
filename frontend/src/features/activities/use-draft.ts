import { useEffect, useState } from "react";
import { KEPT_MS } from "@/api/files";
import { type Attached, blank, type Draft } from "./draft";

function stored(key: string): Draft {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (typeof found === "object") return { ...blank("note"), ...found };
  } catch {
    // What cannot be read is no draft.
  }
  return blank("note");
}

function isGone({ created_at }: Attached): boolean {
  return created_at !== undefined && Date.parse(created_at) + KEPT_MS < Date.now();
}

/** The draft without files the server has thrown away meanwhile, and what those were called. */
function read(key: string) {
  const draft = stored(key);
  const gone = draft.attachments.filter(isGone);
  const attachments = draft.attachments.filter((file) => !isGone(file));
  return { draft: { ...draft, attachments }, gone: gone.map(({ name }) => name) };
}

/** A draft that outlives the page, under a key of its own in this browser; an empty one leaves no trace. */
export function useDraft(key: string) {
  const [{ draft: first, gone }] = useState(() => read(key));
  const [draft, setDraft] = useState(first);
  useEffect(() => {
    if (draft.text.trim() === "" && draft.attachments.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  }, [key, draft]);
  return [draft, setDraft, gone] as const;
}
