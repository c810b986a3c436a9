import { useQuery } from "@tanstack/react-query";
import { NotebookPen, Phone, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type StickyNote, stickyNotesQuery } from "@/api/at-hand";
import { meQuery } from "@/api/me";
import type { About } from "@/api/types";
import { isComposing } from "@/lib/composing";
import { usePhone } from "@/lib/media";
import { Button } from "@/ui/Button";
import { Drawer } from "@/ui/Drawer";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";
import { Note, type NoteHand } from "./Note";
import { useBlank } from "./use-blank";
import { useNoteRemoval } from "./use-note-removal";

/** Takes a text over as an activity, and calls back when it was posted. */
export type Log = (kind: "call" | "note", text: string, onPosted: () => void) => void;

interface PadProps {
  about: About;
  onLog: Log;
  onClose: () => void;
}

/** A pad that lies over the page while somebody is on the phone: the page can be read and used beside it. */
export function Pad({ about, onLog, onClose }: PadProps) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const notes = useQuery(stickyNotesQuery()).data?.data;
  const me = useQuery(meQuery()).data;
  const log: Log = (...what) => {
    onClose();
    onLog(...what);
  };
  const pages = notes && me && (
    <Pages
      about={about}
      user={me.id}
      notes={notes.filter((note) => note.about?.id === about.id)}
      onLog={log}
    />
  );
  if (isPhone) {
    return (
      <Drawer open onOpenChange={(open) => !open && onClose()} title={t("desk:pad")}>
        {pages}
      </Drawer>
    );
  }
  return <Lying onClose={onClose}>{pages}</Lying>;
}

function Lying({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  const { t } = useTranslation();
  const pad = useRef<HTMLDivElement>(null);
  const isFilled = Boolean(children);
  useEffect(() => {
    if (isFilled) pad.current?.querySelector("textarea")?.focus();
  }, [isFilled]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || isComposing(event)) return;
    event.stopPropagation();
    onClose();
  }

  return (
    <div
      ref={pad}
      role="dialog"
      aria-label={t("desk:pad")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="fixed right-4 bottom-4 z-30 flex max-h-[70vh] w-88 flex-col rounded-xl bg-raised text-fg shadow-float"
    >
      <header className="flex h-10 shrink-0 items-center gap-2 pr-1.5 pl-3">
        <h2 className="min-w-0 flex-1 truncate font-medium">{t("desk:pad")}</h2>
        <IconButton label={t("common:close")} shortcut="Escape" onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div className="min-h-0 overflow-y-auto px-2 pb-2">{children}</div>
    </div>
  );
}

interface PagesProps {
  about: About;
  user: string;
  notes: StickyNote[];
  onLog: Log;
}

/** What is noted about the record, else a paper to begin on. */
function Pages({ about, user, notes, onLog }: PagesProps) {
  const { t } = useTranslation();
  const throwAway = useNoteRemoval();
  const blankKey = `rapport.note.${user}.new.${about.id}`;
  const { blank, isKnown, holding } = useBlank(blankKey, about, notes);
  const shown = isKnown ? notes : [blank, ...notes];

  async function log(kind: "call" | "note", note: StickyNote, hand: NoteHand) {
    const text = hand.body.trim();
    const written = { ...note, body: text, colour: hand.colour };
    await hand.leave();
    onLog(kind, text, () =>
      toast(t("desk:logged"), {
        action: { label: t("desk:throwAway"), run: () => void throwAway(written) },
      }),
    );
  }

  return (
    <ul className="flex flex-col gap-2">
      {shown.map((note) => (
        <li key={note.id} {...(note.id === blank.id && holding)}>
          <Note
            note={note}
            draftKey={note.id === blank.id ? blankKey : `rapport.note.${user}.${note.id}`}
            renderActions={(hand) =>
              hand.body.trim() !== "" && (
                <>
                  <Button
                    size="sm"
                    variant="ghost"
                    icon={<Phone className="size-3.5" />}
                    onClick={() => void log("call", note, hand)}
                  >
                    {t("desk:asCall")}
                  </Button>
                  <Button
                    size="sm"
                    variant="ghost"
                    icon={<NotebookPen className="size-3.5" />}
                    onClick={() => void log("note", note, hand)}
                  >
                    {t("desk:asNote")}
                  </Button>
                </>
              )
            }
          />
        </li>
      ))}
    </ul>
  );
}
