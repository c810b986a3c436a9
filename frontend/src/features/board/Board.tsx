import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Board as BoardData, type BoardQuery, boardKey, loadMoreOfColumn } from "@/api/board";
import type { Opportunity, Stage } from "@/api/types";
import { useFormat } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";
import { usePhone } from "@/lib/media";
import { Dot } from "@/ui/Badge";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Column } from "./Column";
import { DropBar } from "./DropBar";
import { columnOf, type DropTarget, type Place, placeOfDrop, topOf } from "./model";
import type { BoardActions } from "./types";
import { useBoardDrag } from "./use-card-drag";
import { useMove } from "./use-move";

// Most moves ask nothing.
const MoveDialog = lazyNamed(() => import("./MoveDialog").then((module) => module.MoveDialog));

interface BoardProps {
  board: BoardData;
  query: BoardQuery;
  /** The stages as they are configured, with their chances and days. */
  stages: Stage[];
  /** Whether the columns of won, lost and void are shown. */
  hasEnds: boolean;
  canCreate: boolean;
}

function findCard(board: BoardData, id: string): Opportunity | undefined {
  return board.data.flatMap((column) => column.records).find((record) => record.id === id);
}

/** Where a card stands after a step up or down; null at the edge. */
function shifted(board: BoardData, card: Opportunity, by: 1 | -1): Place | null {
  const records = columnOf(board, card.stage_id)?.records ?? [];
  const neighbour = records[records.findIndex((record) => record.id === card.id) + by]?.id;
  if (neighbour === undefined) return null;
  const stageId = card.stage_id;
  return by === 1 ? { stageId, afterId: neighbour } : { stageId, beforeId: neighbour };
}

function useBoardActions(
  board: BoardData,
  stages: Stage[],
  query: BoardQuery,
  move: (card: Opportunity, place: Place) => void,
): BoardActions {
  const client = useQueryClient();
  const focusAfterMove = useRef<string | null>(null);
  const latest = useRef({ board, query });
  latest.current = { board, query };
  const stagesKey = stages.map((stage) => `${stage.id}:${stage.version}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: cards are only drawn again when a stage changed
  return useMemo(
    () => ({
      stages,
      move,
      focusAfterMove,
      moveToStage: (card, stageId) => move(card, topOf(latest.current.board, stageId)),
      shift: (card, by) => {
        const place = shifted(latest.current.board, card, by);
        if (place) move(card, place);
      },
      loadMore: (stageId) => loadMoreOfColumn(client, latest.current.query, stageId),
    }),
    [stagesKey, move, client],
  );
}

/** The columns of a pipeline: drag, keyboard, ends, and one column at a time on a phone. */
export function Board({ board, query, stages, hasEnds, canCreate }: BoardProps) {
  const isPhone = usePhone();
  const client = useQueryClient();
  const scroller = useRef<HTMLDivElement>(null);
  const { question, busy, move, answer, giveUp } = useMove(stages, query);
  const actions = useBoardActions(board, stages, query, move);
  const [picked, setPicked] = useState<string | null>(null);

  const onDrop = useCallback(
    (cardId: string, target: DropTarget) => {
      const current = client.getQueryData<BoardData>(boardKey(query));
      const card = current && findCard(current, cardId);
      const place = card && placeOfDrop(current, card, target);
      if (card && place) move(card, place);
    },
    [client, query, move],
  );
  const dragged = useBoardDrag(scroller, onDrop);

  const shown = board.data.filter((column) => hasEnds || column.stage.category === "open");
  const current = shown.find((column) => column.stage.id === picked) ?? shown[0];
  const columns = isPhone ? (current ? [current] : []) : shown;
  const ends = stages.filter((stage) => stage.category === "won" || stage.category === "lost");
  return (
    <>
      {isPhone && current && (
        <StagePicker columns={shown} value={current.stage.id} onChange={setPicked} />
      )}
      <div
        ref={scroller}
        className="relative flex min-h-0 flex-1 gap-2 overflow-x-auto overflow-y-hidden overscroll-contain px-2.5"
      >
        {columns.map((column) => {
          const stage = stages.find(({ id }) => id === column.stage.id);
          return (
            stage && (
              <Column
                key={stage.id}
                column={column}
                stage={stage}
                actions={actions}
                canCreate={canCreate}
              />
            )
          );
        })}
      </div>
      {dragged !== null && <DropBar stages={ends} />}
      {question && (
        <Suspense fallback={null}>
          <MoveDialog
            key={`${question.card.id} ${question.stage.id}`}
            question={question}
            busy={busy}
            onAnswer={(answers) => answer(question, answers)}
            onCancel={giveUp}
          />
        </Suspense>
      )}
    </>
  );
}

interface StagePickerProps {
  columns: BoardData["data"];
  value: string;
  onChange: (stageId: string) => void;
}

/** Which column a phone shows. */
function StagePicker({ columns, value, onChange }: StagePickerProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <div className="scrollbar-none relative shrink-0 overflow-x-auto border-line border-b bg-panel px-3 py-2">
      <SegmentedControl
        label={t("board:stage")}
        value={value}
        onChange={onChange}
        className="min-w-full"
        options={columns.map(({ stage, count }) => ({
          value: stage.id,
          label: (
            <>
              {stage.name} <span className="tnum text-fg2">{number(count)}</span>
            </>
          ),
          icon: <Dot colour={stage.color} />,
        }))}
      />
    </div>
  );
}
