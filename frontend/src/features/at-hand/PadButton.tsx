import { useQuery } from "@tanstack/react-query";
import { StickyNote as Icon } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { stickyNotesQuery } from "@/api/at-hand";
import type { About } from "@/api/types";
import { lazyNamed } from "@/lib/lazy";
import { useShortcuts } from "@/lib/shortcuts";
import { IconButton } from "@/ui/IconButton";
import type { Log } from "./Pad";

const Pad = lazyNamed(() => import("./Pad").then((module) => module.Pad));

interface PadButtonProps {
  about: About;
  /** Writes a text into the box of the timeline, and calls back when it was posted. */
  onLog: Log;
}

/** Opens the scratch pad of a record, by a press or the key P, and says how many notes are on it. */
export function PadButton({ about, onLog }: PadButtonProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const notes = useQuery(stickyNotesQuery()).data?.data;
  const count = notes?.filter((note) => note.about?.id === about.id).length ?? 0;
  useShortcuts({ p: () => setOpen(true) });

  function close() {
    setOpen(false);
    button.current?.focus();
  }

  return (
    <>
      <IconButton
        ref={button}
        label={count > 0 ? t("desk:padWith", { count }) : t("desk:pad")}
        shortcut="p"
        aria-keyshortcuts="P"
        aria-expanded={isOpen}
        onClick={() => (isOpen ? close() : setOpen(true))}
        className="relative m-0.5"
      >
        <Icon />
        {count > 0 && (
          <span
            aria-hidden="true"
            className="tnum absolute right-0.5 bottom-0.5 min-w-3.5 phone:right-1.5 phone:bottom-1.5 rounded-full bg-accent px-1 text-center font-medium text-[10px] text-accent-fg leading-3.5"
          >
            {count}
          </span>
        )}
      </IconButton>
      {isOpen && (
        <Suspense fallback={null}>
          <Pad about={about} onLog={onLog} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
