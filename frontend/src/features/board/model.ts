import type { Board, BoardColumn } from "@/api/board";
import type { Opportunity } from "@/api/types";

/** A place on the board: a stage, and the card it stands next to. */
export interface Place {
  stageId: string;
  beforeId?: string | undefined;
  afterId?: string | undefined;
}

/** What lies under the pointer while a card is dragged. */
export type DropTarget =
  | { kind: "card"; stageId: string; cardId: string; edge: "top" | "bottom" }
  | { kind: "column"; stageId: string }
  | { kind: "end"; stageId: string };

/** The column of a stage. */
export function columnOf(board: Board, stageId: string): BoardColumn | undefined {
  return board.data.find((column) => column.stage.id === stageId);
}

/** Where a card stands now, by a neighbour. */
export function placeOf(board: Board, card: Opportunity): Place {
  const records = columnOf(board, card.stage_id)?.records ?? [];
  const index = records.findIndex((record) => record.id === card.id);
  const before = records[index + 1]?.id;
  const after = records[index - 1]?.id;
  const stageId = card.stage_id;
  if (index < 0) return { stageId };
  return after === undefined ? { stageId, beforeId: before } : { stageId, afterId: after };
}

/** The top of a column, where cards go that were moved without pointing at a place. */
export function topOf(board: Board, stageId: string): Place {
  return { stageId, beforeId: columnOf(board, stageId)?.records[0]?.id };
}

/** Where a card lands that is dropped on a target; null when it would not move. */
export function placeOfDrop(board: Board, card: Opportunity, target: DropTarget): Place | null {
  if (target.kind === "end") {
    return target.stageId === card.stage_id ? null : topOf(board, target.stageId);
  }
  const records = columnOf(board, target.stageId)?.records ?? [];
  const neighbour = target.kind === "card" ? target.cardId : records.at(-1)?.id;
  if (neighbour === undefined) return { stageId: target.stageId };
  if (neighbour === card.id) return null;
  const isBefore = target.kind === "card" && target.edge === "top";
  const index = records.findIndex((record) => record.id === neighbour);
  const own = records.findIndex((record) => record.id === card.id);
  if (own >= 0 && own === (isBefore ? index - 1 : index + 1)) return null;
  return isBefore
    ? { stageId: target.stageId, beforeId: neighbour }
    : { stageId: target.stageId, afterId: neighbour };
}

function insertAt(records: Opportunity[], place: Place): number {
  const before = records.findIndex((record) => record.id === place.beforeId);
  if (before >= 0) return before;
  const after = records.findIndex((record) => record.id === place.afterId);
  return after >= 0 ? after + 1 : 0;
}

/** The board after a move. Counts follow at once; sums are the server's to say. */
export function placeCard(board: Board, card: Opportunity, place: Place): Board {
  const target = columnOf(board, place.stageId)?.stage;
  const moved: Opportunity =
    target === undefined || target.id === card.stage_id
      ? card
      : {
          ...card,
          stage_id: target.id,
          stage: target,
          category: target.category,
          stage_entered_at: new Date().toISOString(),
          stale: "none",
          warn_at: null,
          stale_at: null,
        };
  const columns = board.data.map((column) => {
    const others = column.records.filter((record) => record.id !== card.id);
    const had = column.stage.id === card.stage_id ? 1 : 0;
    const has = column.stage.id === place.stageId ? 1 : 0;
    if (has === 1) others.splice(insertAt(others, place), 0, moved);
    return { ...column, records: others, count: column.count - had + has };
  });
  return { ...board, data: columns };
}

/** Whole days a card has stood in its stage. */
export function daysInStage(card: Opportunity, now: number = Date.now()): number {
  return Math.max(0, Math.floor((now - Date.parse(card.stage_entered_at)) / 86_400_000));
}
