import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isGranted, meQuery } from "@/api/me";
import type { About, ActivityKind } from "@/api/types";
import { cn } from "@/lib/cn";
import { isComposing, isSending } from "@/lib/composing";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Details } from "./Details";
import { blank, canBeKept, isPlanned, recordsOf } from "./draft";
import { KINDS } from "./kinds";
import { Links } from "./Links";
import { MentionArea } from "./MentionArea";
import { useDraft } from "./use-draft";
import { reasonsOf, usePosting } from "./use-posting";
import { useVisible } from "./use-visible";

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
  const [draft, setDraft] = useDraft(draftKey);
  const [isOpen, setOpen] = useState(draft.text !== "");
  const box = useRef<HTMLTextAreaElement>(null);
  const { post, isPosting, problem } = usePosting();
  const offered = useVisible(usual, isOpen);
  const change = (changes: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...changes }));

  function write(kind: ActivityKind) {
    change({ kind });
    setOpen(true);
    box.current?.focus();
  }
  const whenPosted = useRef<(() => void) | null>(null);
  const writeIn: WriteIn = (kind, text, onPosted) => {
    const written = draft.text.trim();
    change({ text: written === "" ? text : `${written}\n${text}` });
    whenPosted.current = onPosted;
    write(kind);
  };
  useShortcuts({ n: () => write("note"), t: () => write("task") });

  async function send() {
    if (isPosting || !canBeKept(draft)) return;
    const posted = await post(draft, recordsOf(draft, [about], offered));
    if (!posted) return;
    whenPosted.current?.();
    whenPosted.current = null;
    setDraft(blank(draft.kind));
    if (!isPhone) return box.current?.focus();
    setOpen(false);
    box.current?.blur();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (isSending(event)) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape" && event.target === box.current && draft.text === "") {
      setOpen(false);
      box.current?.blur();
    }
  }

  return (
    <section
      aria-label={t("activities:composer")}
      className="border-line border-b p-4 phone:p-3"
      onKeyDown={onKeyDown}
    >
      <div className="overflow-hidden rounded-lg border border-line-strong bg-raised focus-within:border-accent">
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
            onFocus={() => setOpen(true)}
            onChange={change}
            className={cn(
              "block min-w-0 flex-1 rounded-none border-transparent bg-transparent px-3 py-2 hover:border-transparent focus:border-transparent focus:outline-none",
              isOpen ? "min-h-16" : "min-h-9 resize-none phone:min-h-11",
            )}
          />
          {renderBeside?.(writeIn)}
        </div>
        {isOpen && (
          <div className="flex flex-col gap-3 border-line border-t p-3">
            <Details draft={draft} onChange={change} />
            <Links draft={draft} onChange={change} fixed={[about]} usual={offered} />
            {problem && (
              <p role="alert" className="text-danger">
                {reasonsOf(problem)}
              </p>
            )}
            <div className="flex items-center gap-2">
              <p className="min-w-0 flex-1 text-fg3 text-xs phone:hidden">
                {t("activities:markdownHint")}
              </p>
              <Button
                variant="primary"
                className="ml-auto phone:w-full"
                busy={isPosting}
                disabled={!canBeKept(draft)}
                onClick={() => void send()}
              >
                {isPlanned(draft) ? t("activities:plan") : t("activities:post")}
                <Kbd
                  keys="$mod+Enter"
                  className="*:border-current/40 *:bg-transparent *:text-current"
                />
              </Button>
            </div>
          </div>
        )}
      </div>
    </section>
  );
}
