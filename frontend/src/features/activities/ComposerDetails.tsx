import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { About } from "@/api/types";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { Details } from "./Details";
import { isPlanned } from "./draft";
import { AttachButton } from "./files/AttachButton";
import { FileChips } from "./files/FileChips";
import { isOnlyGone } from "./files/uploads";
import { Links } from "./Links";
import type { BoxState } from "./use-box";
import { reasonsOf } from "./use-posting";

const TemplateMenu = lazyNamed(() =>
  withTexts("templates", () => import("./templates/TemplateMenu")).then(
    (module) => module.TemplateMenu,
  ),
);
const Missing = lazyNamed(() => import("./templates/Missing").then((module) => module.Missing));

interface ComposerDetailsProps {
  state: BoxState;
  about: About;
  isChoosing: boolean;
  onChoosing: (isChoosing: boolean) => void;
}

/** What stands below the text once somebody writes: what is asked of the kind, files, and how it is sent. */
export function ComposerDetails({ state, about, isChoosing, onChoosing }: ComposerDetailsProps) {
  const { t } = useTranslation();
  const { draft, change, files, template, problem } = state;
  return (
    <div className="flex flex-col gap-3 border-line border-t p-3">
      {template.missing.length > 0 && (
        <Suspense fallback={null}>
          <Missing places={template.missing} />
        </Suspense>
      )}
      <FileChips attached={draft.attachments} files={files} gone={files.gone} />
      <Details draft={draft} onChange={change} />
      <Links draft={draft} onChange={change} fixed={[about]} usual={state.offered} />
      {problem && !isOnlyGone(problem) && (
        <p role="alert" className="text-danger">
          {reasonsOf(problem)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-1">
        <AttachButton files={files} className="-ml-2 phone:ml-0" />
        <Suspense fallback={null}>
          <TemplateMenu
            kind={draft.kind}
            about={state.records}
            open={isChoosing}
            onOpenChange={onChoosing}
            onFilled={template.fill}
          />
        </Suspense>
        <p
          role="status"
          className="min-w-0 flex-1 px-1 text-right text-fg3 text-xs phone:basis-full phone:empty:hidden"
        >
          {state.isWaiting && t("files:sendingAll")}
        </p>
        <Button
          variant="primary"
          className="phone:w-full"
          busy={state.isSending}
          disabled={!state.canSend}
          onClick={state.send}
        >
          {isPlanned(draft) ? t("activities:plan") : t("activities:post")}
          <Kbd keys="$mod+Enter" className="*:border-current/40 *:bg-transparent *:text-current" />
        </Button>
      </div>
      <p className="text-fg3 text-xs phone:hidden">{t("activities:markdownHint")}</p>
    </div>
  );
}
