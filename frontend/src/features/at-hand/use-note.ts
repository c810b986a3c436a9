import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Paper, StickyNote } from "@/api/at-hand";
import { asProblem, type Problem } from "@/api/problem";
import { showNote } from "./cached-notes";
import { changesOf, isWorthSaving, keepDraft, keptDraft, type NoteDraft } from "./drafts";
import { Collision, saveDraft } from "./save";

/** What an earlier visit left unsaved on a note. */
function draftOn({ id }: StickyNote, key: string): NoteDraft | null {
  const draft = keptDraft(key);
  return draft?.base.id === id ? draft : null;
}

/** Saved this long after the last key. */
const PAUSE_MS = 800;

/**
 * The text and the colour of a note as they are being written: saved shortly after the typing pauses, and kept in this
 * browser under a key until then. What another page wrote meanwhile is told, and nothing is lost of either.
 */
export function useNote(note: StickyNote, key: string) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOn(note, key));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [theirs, setTheirs] = useState<StickyNote | null>(null);
  const [isSaving, setSaving] = useState(false);
  const latest = useRef(draft);
  const pause = useRef<number | undefined>(undefined);
  const underWay = useRef<Promise<void> | null>(null);
  const isHalted = useRef(false);

  function put(next: NoteDraft | null) {
    latest.current = next;
    keepDraft(key, next);
    setDraft(next);
  }

  /** What was typed while it was on its way stands on what has arrived. */
  function arrived(sent: NoteDraft, saved: StickyNote) {
    const now = latest.current;
    if (now === null) return;
    const colour = now.colour === sent.colour ? saved.colour : now.colour;
    const isTheirs = changesOf(sent).body === undefined && saved.body !== sent.base.body;
    if (isTheirs && now.body !== sent.body) {
      // Begun on another text than there is now: that is for them to decide about.
      return put({ body: now.body, colour, base: { ...sent.base, colour: saved.colour } });
    }
    // A blank at the end is not taken away from under the caret.
    const isAsSent = saved.body === sent.body.trim();
    const body = now.body === sent.body && !isAsSent ? saved.body : now.body;
    put(body === saved.body && colour === saved.colour ? null : { body, colour, base: saved });
  }

  async function write() {
    for (let sent = latest.current; sent && isWorthSaving(sent); sent = latest.current) {
      const saved = await saveDraft(client, sent);
      await showNote(client, saved);
      arrived(sent, saved);
    }
  }

  async function run() {
    setSaving(true);
    setProblem(null);
    try {
      await write();
    } catch (error) {
      // Until they have chosen, nothing more is written.
      isHalted.current = error instanceof Collision;
      if (error instanceof Collision) setTheirs(error.theirs);
      else setProblem(asProblem(error));
    } finally {
      underWay.current = null;
      setSaving(false);
    }
  }

  /** Saves now; one after the other, never two at once. */
  async function save(): Promise<void> {
    window.clearTimeout(pause.current);
    const isWanted = !isHalted.current && latest.current && isWorthSaving(latest.current);
    if (isWanted) underWay.current ??= run();
    await underWay.current;
  }

  /** Saves what is on a note that is left; blanks around it are not kept. */
  async function leave(): Promise<void> {
    await save();
    if (latest.current && !isWorthSaving(latest.current)) put(null);
  }

  function change(changes: { body?: string; colour?: Paper }) {
    const { body, colour } = note;
    put({ ...(latest.current ?? { body, colour, base: note }), ...changes });
    window.clearTimeout(pause.current);
    pause.current = window.setTimeout(() => void save(), PAUSE_MS);
  }

  function choose(body: string) {
    const base = theirs;
    const colour = latest.current?.colour;
    if (!base) return;
    isHalted.current = false;
    setTheirs(null);
    put({ body, colour: colour ?? base.colour, base });
    if (isWorthSaving({ body, colour: colour ?? base.colour, base })) return void save();
    put(null);
    void showNote(client, base);
  }

  const atEnd = useRef(save);
  atEnd.current = save;
  useEffect(() => {
    // What an earlier visit could not save is tried again, and what is being typed is not left behind.
    void atEnd.current();
    return () => void atEnd.current();
  }, []);

  return {
    body: draft?.body ?? note.body,
    colour: draft?.colour ?? note.colour,
    isSaving,
    /** Whether something is written that the server does not have. */
    isUnsaved: draft !== null && isWorthSaving(draft),
    problem,
    /** The note as another page has written it meanwhile. */
    theirs,
    change,
    save,
    leave,
    /** Ends a conflict with the text that is to stand. */
    choose,
    /** Forgets what was not saved. */
    drop() {
      window.clearTimeout(pause.current);
      put(null);
    },
  };
}
