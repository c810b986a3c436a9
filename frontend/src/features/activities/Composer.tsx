import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isGranted, meQuery } from "@/api/me";
import type { About, ActivityKind } from "@/api/types";
import { KINDS } from "@/features/records/activity-kinds";
import { cn } from "@/lib/cn";
import { isComposing, isSending } from "@/lib/composing";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { ComposerDetails } from "./ComposerDetails";
import { DropHint } from "./files/DropHint";
import { MentionArea } from "./MentionArea";
import { useBox } from "./use-box";

interface ComposerProps {
  about: About;
  /** Records that go with it; those the user may see are offered. */
  usual?: About[];
  /** What stands beside the box and may write into it. */
  renderBeside?: ((write: WriteIn) => ReactNode) | undefined;
}

/** Puts a text into the box, behind what is written there, and calls back when it was posted. */
export type WriteIn = (kind: ActivityKind, text: string, onPosted: () => void) => void;

/** Where what was done and what is to be done about a record is written; absent for who may not. */
export function Composer({ about, usual = [], renderBeside }: ComposerProps) {
  const me = useQuery(meQuery()).data;
  if (!me || !isGranted(me.permissions, "activity", "create")) return null;
  const key = `rapport.draft.${me.id}.${about.type}.${about.id}`;
  return <Box key={key} about={about} usual={usual} draftKey={key} renderBeside={renderBeside} />;
}

interface BoxProps extends ComposerProps {
  usual: About[];
  draftKey: string;
}

function Box({ about, usual, draftKey, renderBeside }: BoxProps) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const box = useRef<HTMLTextAreaElement>(null);
  const state = useBox({ about, usual, draftKey, box });
  const { draft, change, isOpen, open, write, drop } = state;
  const [isChoosing, setChoosing] = useState(false);
  useShortcuts({
    n: () => write("note"),
    t: () => write("task"),
    m: () => {
      open();
      setChoosing(true);
    },
  });

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (isSending(event)) {
      event.preventDefault();
      state.send();
    } else if (event.key === "Escape" && event.target === box.current) state.leave();
  }

  return (
    <section
      aria-label={t("activities:composer")}
      className="border-line border-b p-4 phone:p-3"
      onKeyDown={onKeyDown}
      {...drop.zone}
    >
      <div className="relative overflow-hidden rounded-lg border border-line-strong bg-raised focus-within:border-accent">
        {drop.isOver && <DropHint />}
        {(isOpen || !isPhone) && (
          <div className="scrollbar-none overflow-x-auto border-line border-b p-1">
            <SegmentedControl
              label={t("activities:kind")}
              value={draft.kind}
              onChange={(kind) => change({ kind })}
              className="min-w-full"
              options={KINDS.map((value) => ({ value, label: t(`activities:kinds.${value}`) }))}
            />
          </div>
        )}
        <div className="flex items-start">
          <MentionArea
            box={box}
            rows={isOpen ? 3 : 1}
            aria-label={t(`activities:kinds.${draft.kind}`)}
            aria-keyshortcuts="N"
            placeholder={t(`activities:placeholder.${draft.kind}`)}
            value={draft}
            maxLength={20_000}
            onFocus={open}
            onChange={change}
            className={cn(
              "block min-w-0 flex-1 rounded-none border-transparent bg-transparent px-3 py-2 hover:border-transparent focus:border-transparent focus:outline-none",
              isOpen ? "min-h-16" : "min-h-9 resize-none phone:min-h-11",
            )}
          />
          {renderBeside?.(state.writeBehind)}
        </div>
        {isOpen && (
          <ComposerDetails
            state={state}
            about={about}
            isChoosing={isChoosing}
            onChoosing={setChoosing}
          />
        )}
      </div>
    </section>
  );
}
