import { useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import type { Stage } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { StageIcon } from "./MoveMenu";
import { useDropPlace } from "./use-card-drag";

const TONES: Record<string, string> = {
  won: "border-ok text-ok",
  lost: "border-danger text-danger",
};

/** The ends, within reach at the bottom while a card is in the air; above the toasts, which would catch the drop. */
export function DropBar({ stages }: { stages: Stage[] }) {
  const { t } = useTranslation();
  return createPortal(
    <section
      aria-label={t("board:ends")}
      className="pointer-events-none fixed inset-x-0 bottom-0 z-[70] flex justify-center p-5"
    >
      <div className="pointer-events-auto flex gap-2 rounded-xl bg-raised p-2 shadow-float">
        {stages.map((stage) => (
          <Zone key={stage.id} stage={stage} />
        ))}
      </div>
    </section>,
    document.body,
  );
}

function Zone({ stage }: { stage: Stage }) {
  const { language } = useFormat();
  const element = useRef<HTMLDivElement>(null);
  const isOver = useDropPlace(element, stage.id, "end");
  return (
    <div
      ref={element}
      data-board-end={stage.category}
      className={cn(
        "flex h-16 w-44 items-center justify-center gap-2 rounded-lg border border-line-strong border-dashed font-medium text-fg2 transition-colors duration-100 [&_svg]:size-4",
        isOver && "border-solid bg-hover",
        isOver && TONES[stage.category],
      )}
    >
      <StageIcon stage={stage} />
      {localName(stage, language)}
    </div>
  );
}
