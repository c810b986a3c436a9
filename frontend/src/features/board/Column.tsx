import { Plus } from "lucide-react";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BoardColumn } from "@/api/board";
import { asProblem } from "@/api/problem";
import type { Money, Stage } from "@/api/types";
import { openQuickCreate } from "@/features/records/quick-create";
import { localName } from "@/features/records/use-options";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";
import { Card } from "./Card";
import type { BoardActions } from "./types";
import { useDropPlace } from "./use-card-drag";

interface ColumnProps {
  column: BoardColumn;
  stage: Stage;
  actions: BoardActions;
  canCreate: boolean;
}

/** A stage with its cards. */
export function Column({ column, stage, actions, canCreate }: ColumnProps) {
  const { t } = useTranslation();
  const { language, number } = useFormat();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const { records } = column;
  const name = localName(stage, language);
  const isOver = useDropPlace(list, stage.id, "column");
  return (
    <section
      aria-labelledby={id}
      data-board-column={stage.id}
      className="flex w-[17.5rem] shrink-0 flex-col phone:w-full"
    >
      <header className="px-2 pt-3 pb-2">
        <div className="flex h-6 items-center gap-2 phone:hidden">
          <Dot colour={stage.color} className="size-2.5" />
          <h2 id={id} className="truncate font-medium">
            {name}
          </h2>
          <span className="tnum text-fg3">{number(column.count)}</span>
          <Sums className="ml-auto text-fg2" sums={column.sums} />
          {canCreate && stage.category === "open" && (
            <IconButton
              size="sm"
              label={t("board:newIn", { stage: name })}
              onClick={() =>
                openQuickCreate("opportunities", {
                  pipeline_id: stage.pipeline_id,
                  stage_id: stage.id,
                })
              }
            >
              <Plus />
            </IconButton>
          )}
        </div>
        <SecondLine column={column} stage={stage} />
      </header>
      <div
        ref={list}
        className={cn(
          "relative min-h-0 flex-1 overflow-y-auto overscroll-y-contain rounded-lg px-1.5 pt-0.5 pb-4 transition-colors duration-100",
          isOver && "bg-hover",
        )}
      >
        <ul aria-label={name}>
          {records.map((card, index) => (
            <Card key={card.id} card={card} stage={stage} index={index} actions={actions} />
          ))}
        </ul>
        {records.length === 0 && (
          <p className="rounded-lg border border-line-strong border-dashed px-3 py-6 text-center text-fg3 text-xs">
            {t("board:emptyColumn")}
          </p>
        )}
        {column.next_cursor !== null && <LoadMore column={column} actions={actions} />}
      </div>
    </section>
  );
}

function Sums({ sums, className }: { sums: Money[]; className?: string }) {
  const { money, moneyShort } = useFormat();
  const shown = sums.filter((sum) => !/^-?0*(\.0*)?$/.test(sum.amount));
  if (shown.length === 0) return null;
  return (
    <span
      className={cn("tnum truncate text-xs", className)}
      title={shown.map((sum) => money(sum)).join(" + ")}
    >
      {shown.map((sum) => moneyShort(sum)).join(" + ")}
    </span>
  );
}

/** What the stage is worth by its chances, under a line that is as long as the chance. */
function SecondLine({ column, stage }: Pick<ColumnProps, "column" | "stage">) {
  return (
    <div className="flex h-5 items-center gap-2 text-fg3 text-xs">
      {stage.category === "open" && <Chances column={column} stage={stage} />}
      <span className="hidden min-w-0 gap-1 phone:ml-auto phone:flex">
        <Sums sums={column.sums} className="text-fg" />
      </span>
    </div>
  );
}

function Chances({ column, stage }: Pick<ColumnProps, "column" | "stage">) {
  const { t } = useTranslation();
  const { percent } = useFormat();
  const { probability } = stage;
  return (
    <>
      <span aria-hidden="true" className="h-1 w-12 shrink-0 overflow-hidden rounded-full bg-line">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${probability}%` }}
        />
      </span>
      <span className="tnum">{percent(probability)}</span>
      {column.weighted_sums.length > 0 && (
        <span className="ml-auto flex min-w-0 gap-1 phone:ml-0">
          <span className="shrink-0">{t("board:weighted")}</span>
          <Sums sums={column.weighted_sums} />
        </span>
      )}
    </>
  );
}

function LoadMore({ column, actions }: Pick<ColumnProps, "column" | "actions">) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  async function load() {
    setBusy(true);
    try {
      await actions.loadMore(column.stage.id);
    } catch (error) {
      toast(asProblem(error).title, { tone: "error" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button variant="ghost" busy={busy} className="w-full" onClick={() => void load()}>
      {t("board:more", { count: Math.max(0, column.count - column.records.length) })}
    </Button>
  );
}
