import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { LONGEST_NOTE, type Paper, type StickyNote } from "@/api/at-hand";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { afterPress } from "@/lib/press";
import { IconButton } from "@/ui/IconButton";
import { ColourMenu } from "./ColourMenu";
import { Differing } from "./Differing";
import { KindIcon } from "./KindIcon";
import { pathOf } from "./kinds";
import { useNote } from "./use-note";
import { useNoteRemoval } from "./use-note-removal";

const papers: Record<Paper, string> = {
  yellow: "bg-paper-yellow",
  green: "bg-paper-green",
  blue: "bg-paper-blue",
  pink: "bg-paper-pink",
  white: "bg-paper-white",
};

/** What can be done with a note where it stands. */
export type NoteHand = Pick<ReturnType<typeof useNote>, "body" | "colour" | "leave">;

interface NoteProps {
  note: StickyNote;
  /** What is not saved is kept in this browser under it. */
  draftKey: string;
  /** Names the record it is about, where that is not plain from around it. */
  hasSubject?: boolean;
  /** Buttons of the place it stands in. */
  renderActions?: (hand: NoteHand) => ReactNode;
}

/** A paper to write on; it saves itself. */
export function Note({ note, draftKey, hasSubject = false, renderActions }: NoteProps) {
  const { t } = useTranslation();
  const hand = useNote(note, draftKey);
  const throwAway = useNoteRemoval();
  const area = useRef<HTMLTextAreaElement>(null);
  const isNew = note.version === 0;

  function remove() {
    const { body, colour } = hand;
    hand.drop();
    if (!isNew || body.trim() !== "")
      void throwAway({ ...note, body: body.trim() || note.body, colour });
  }

  function leave() {
    if (isNew || hand.body.trim() !== "") return void hand.leave();
    // A paper on which everything was struck out is thrown away; that can be taken back.
    afterPress(() => {
      if (area.current?.value.trim() === "") remove();
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || isComposing(event)) return;
    // On the pad it means the pad.
    if (!area.current?.closest("[role='dialog']")) area.current?.blur();
  }

  return (
    <article
      aria-label={hand.body.trim().split("\n")[0]?.slice(0, 60) || t("desk:newNote")}
      className={cn(
        "flex h-full min-w-0 flex-col rounded-lg border border-paper-edge shadow-card focus-within:border-accent",
        papers[hand.colour],
      )}
    >
      <textarea
        ref={area}
        rows={isNew ? 2 : 3}
        maxLength={LONGEST_NOTE}
        aria-label={isNew ? t("desk:newNote") : t("desk:noteText")}
        placeholder={t("desk:placeholder")}
        value={hand.body}
        onChange={({ target }) => hand.change({ body: target.value })}
        onBlur={leave}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-72 w-full grow resize-none bg-transparent px-3 pt-2.5 pb-1 outline-none placeholder:text-fg2 phone:text-[16px]"
      />
      {hand.theirs && (
        <Differing mine={hand.body} theirs={hand.theirs.body} onChoose={hand.choose} />
      )}
      <Trouble hand={hand} />
      <footer className="mt-auto flex min-h-8 items-center gap-1 px-1.5 pb-1">
        {hasSubject && note.about ? <Subject note={note} /> : <span className="flex-1" />}
        {hand.isSaving && <span className="text-fg2 text-xs">{t("desk:saving")}</span>}
        {renderActions?.(hand)}
        <ColourMenu
          colour={hand.colour}
          onChange={(colour) => {
            hand.change({ colour });
            void hand.save();
          }}
        />
        {(!isNew || hand.body !== "") && (
          <IconButton size="sm" label={t("desk:throwAway")} onClick={remove}>
            <Trash2 />
          </IconButton>
        )}
      </footer>
    </article>
  );
}

/** Why something is not saved, and that it is kept. */
function Trouble({ hand }: { hand: ReturnType<typeof useNote> }) {
  const { t } = useTranslation();
  if (!hand.problem) return null;
  const isFull = hand.problem.code === "limit_reached";
  const reason = hand.problem.errors[0]?.detail ?? hand.problem.detail ?? hand.problem.title;
  return (
    <div role="alert" className="px-3 py-1 text-danger text-xs">
      {t("desk:notSaved")} {isFull ? t("desk:fullOfNotes") : reason}
      <button
        type="button"
        onClick={() => void hand.save()}
        className="ml-1 rounded font-medium underline phone:min-h-11"
      >
        {t("common:retry")}
      </button>
    </div>
  );
}

/** The record a note is about; without a name it is one the user may no longer see. */
function Subject({ note: { about } }: { note: StickyNote }) {
  const { t } = useTranslation();
  if (!about) return null;
  const className =
    "flex min-w-0 flex-1 items-center gap-1 px-1.5 text-fg2 text-xs [&_svg]:size-3.5";
  if (about.name === null) return <span className={className}>{t("desk:unseen")}</span>;
  return (
    <Link
      to={pathOf(about) as string}
      className={cn(className, "rounded hover:text-fg hover:underline phone:min-h-11")}
    >
      <KindIcon type={about.type} />
      <span className="truncate">{about.name}</span>
    </Link>
  );
}
