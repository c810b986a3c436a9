import { ArrowDown, ArrowUp, CircleOff, CircleX, Trophy } from "lucide-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Opportunity, Stage, StageCategory } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { Menu, type MenuEntry } from "@/ui/Menu";
import type { BoardActions } from "./types";

interface MoveMenuProps {
  card: Opportunity;
  index: number;
  actions: BoardActions;
  trigger: ReactElement;
}

/** What dragging does, for hands that do not drag: every stage, and up and down in the column. */
export function MoveMenu({ card, index, actions, trigger }: MoveMenuProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const entry = (stage: Stage): MenuEntry => ({
    id: stage.id,
    label: localName(stage, language),
    icon: <StageIcon stage={stage} />,
    disabled: stage.id === card.stage_id,
    onSelect: () => {
      actions.focusAfterMove.current = card.id;
      actions.moveToStage(card, stage.id);
    },
  });
  const shift = (by: 1 | -1) => () => {
    actions.focusAfterMove.current = card.id;
    actions.shift(card, by);
  };
  return (
    <Menu
      trigger={trigger}
      header={<p className="px-2 pt-1 pb-0.5 text-fg3 text-xs">{t("board:moveTo")}</p>}
      groups={[
        actions.stages.filter((stage) => stage.category === "open").map(entry),
        actions.stages.filter((stage) => stage.category !== "open").map(entry),
        [
          {
            id: "up",
            label: t("board:moveUp"),
            icon: <ArrowUp />,
            disabled: index === 0,
            onSelect: shift(-1),
          },
          { id: "down", label: t("board:moveDown"), icon: <ArrowDown />, onSelect: shift(1) },
        ],
      ]}
    />
  );
}

const ENDS: Partial<Record<StageCategory, ReactElement>> = {
  won: <Trophy className="text-ok" />,
  lost: <CircleX className="text-danger" />,
  void: <CircleOff />,
};

/** A dot for an open stage, a sign for an end. */
export function StageIcon({ stage }: { stage: Pick<Stage, "category" | "color"> }) {
  return (
    ENDS[stage.category] ?? (
      <span className="flex size-4 items-center justify-center">
        <Dot colour={stage.color} />
      </span>
    )
  );
}
