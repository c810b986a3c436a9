import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { pipelinesQuery } from "@/api/configuration";
import type { Opportunity, Stage } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";
import { StageIcon } from "./MoveMenu";
import { daysInStage } from "./model";
import { useMove } from "./use-move";

// Most moves ask nothing.
const MoveDialog = lazyNamed(() => import("./MoveDialog").then((module) => module.MoveDialog));

/** The stages of an opportunity as a path: where it stands, since when, and where it can go. */
export function StagePath({ opportunity }: { opportunity: Opportunity }) {
  const { t } = useTranslation();
  const pipelines = useQuery(pipelinesQuery()).data ?? [];
  const stages =
    pipelines.find((pipeline) => pipeline.id === opportunity.pipeline_id)?.stages ?? [];
  const { question, busy, move, answer, giveUp } = useMove(stages);
  const current = stages.find((stage) => stage.id === opportunity.stage_id);
  if (!current) return null;
  return (
    <nav
      aria-label={t("board:path")}
      className="scrollbar-none relative shrink-0 overflow-x-auto border-line border-b bg-panel px-4 py-2.5"
    >
      <ol className="flex min-w-max items-center gap-1">
        {stages.map((stage) => (
          <Step
            key={stage.id}
            stage={stage}
            current={current}
            opportunity={opportunity}
            disabled={busy || !opportunity.can.edit}
            onMove={() => move(opportunity, { stageId: stage.id })}
          />
        ))}
      </ol>
      {question && (
        <Suspense fallback={null}>
          <MoveDialog
            key={question.stage.id}
            question={question}
            busy={busy}
            onAnswer={(answers) => answer(question, answers)}
            onCancel={giveUp}
          />
        </Suspense>
      )}
    </nav>
  );
}

interface StepProps {
  stage: Stage;
  current: Stage;
  opportunity: Opportunity;
  disabled: boolean;
  onMove: () => void;
}

const STALE = { yellow: "text-warn", red: "text-danger" };

function Step({ stage, current, opportunity, disabled, onMove }: StepProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const isCurrent = stage.id === current.id;
  const isEnd = stage.category !== "open";
  const isPassed =
    !isEnd && (current.category === "won" || stage.position < current.position) && !isCurrent;
  const days = daysInStage(opportunity);
  return (
    <li className={cn("flex", stage.category === "won" && "ml-3")}>
      <button
        type="button"
        disabled={disabled || isCurrent}
        aria-current={isCurrent ? "step" : undefined}
        onClick={onMove}
        className={cn(
          "flex h-7 items-center gap-1.5 rounded-md border border-line px-2.5 text-fg2 transition-colors duration-100 enabled:hover:border-line-strong enabled:hover:bg-hover enabled:hover:text-fg phone:h-11 [&_svg]:size-3.5",
          isPassed && "border-transparent bg-accent-soft text-accent-strong",
          isCurrent && "border-accent bg-accent font-medium text-accent-fg",
        )}
      >
        {isEnd && !isCurrent && <StageIcon stage={stage} />}
        {localName(stage, language)}
        {isCurrent && !isEnd && (
          <span className="tnum font-normal text-xs opacity-90">
            {t("board:days", { count: days })}
          </span>
        )}
      </button>
      {isCurrent && opportunity.stale !== "none" && (
        <span className={cn("ml-1.5 self-center text-xs", STALE[opportunity.stale])}>
          {t(`board:tooLong.${opportunity.stale}`)}
        </span>
      )}
    </li>
  );
}
