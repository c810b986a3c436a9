import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { type ListQuery, recordKeys } from "./records";
import type { Narrow, Narrowed, Opportunity, Page } from "./types";

/** A stage of the board with the opportunities in it, in the order people gave them. */
export type BoardColumn = Narrow<
  "BoardColumn",
  { stage: Opportunity["stage"]; records: Opportunity[] }
>;

/** A whole pipeline. */
export type Board = Narrow<"Board", { data: BoardColumn[] }>;

/** What a board is asked for; the same filter and search as the list. */
export interface BoardQuery extends Pick<ListQuery, "q" | "filter"> {
  pipeline_id: string;
}

const FIRST = 20;
const MORE = 50;
const type = "opportunities";

/** The key of one board. */
export function boardKey(query: BoardQuery) {
  return [...recordKeys.all(type), "board", query] as const;
}

function columnPage(query: BoardQuery, stage: string, cursor: string, signal?: AbortSignal) {
  // The cursor of a column belongs to this very list, without the pipeline.
  const { q, filter } = query;
  return api.get<Page<Opportunity>>(
    `/${type}`,
    { q, filter, stage_id: stage, sort: "board_rank", limit: MORE, cursor },
    signal,
  );
}

/** Reads on until a column is as long as people had made it. */
async function grow(
  query: BoardQuery,
  column: BoardColumn,
  wanted: number,
  signal: AbortSignal,
): Promise<BoardColumn> {
  let grown = column;
  while (grown.records.length < wanted && grown.next_cursor !== null) {
    grown = appended(grown, await columnPage(query, grown.stage.id, grown.next_cursor, signal));
  }
  return grown;
}

function appended(column: BoardColumn, page: Page<Opportunity>): BoardColumn {
  const known = new Set(column.records.map((record) => record.id));
  const added = page.data.filter((record) => !known.has(record.id));
  const next = page.page.has_more ? (page.page.next_cursor ?? null) : null;
  return { ...column, records: [...column.records, ...added], next_cursor: next };
}

/** The columns of a pipeline with counts, sums and their first cards. */
export function boardQuery(query: BoardQuery) {
  return queryOptions({
    queryKey: boardKey(query),
    queryFn: async ({ signal, client, queryKey }): Promise<Board> => {
      const shown = client.getQueryData<Board>(queryKey)?.data ?? [];
      const board = await api.get<Board>(
        `/${type}/board`,
        { ...query, limit_per_stage: FIRST },
        signal,
      );
      const lengths = new Map(shown.map((column) => [column.stage.id, column.records.length]));
      const columns = board.data.map((column) =>
        grow(query, column, lengths.get(column.stage.id) ?? 0, signal),
      );
      return { ...board, data: await Promise.all(columns) };
    },
  });
}

/** Reads the next cards of a column into the cached board. */
export async function loadMoreOfColumn(client: QueryClient, query: BoardQuery, stage: string) {
  const column = client
    .getQueryData<Board>(boardKey(query))
    ?.data.find((candidate) => candidate.stage.id === stage);
  if (!column || column.next_cursor === null) return;
  const page = await columnPage(query, stage, column.next_cursor);
  client.setQueryData<Board>(boardKey(query), (board) =>
    board === undefined
      ? board
      : {
          ...board,
          data: board.data.map((other) =>
            other.stage.id === stage ? appended(other, page) : other,
          ),
        },
  );
}

/** Where an opportunity goes, and what the stage wants to know. */
export type MoveRequest = Narrowed<
  "MoveOpportunity",
  {
    /** Values of the fields the stage requires. */
    fields?: Record<string, unknown>;
  }
>;

/** Moves an opportunity to a stage, a place on the board, or both. */
export function moveOpportunity(id: string, request: MoveRequest) {
  return api.post<Opportunity>(`/${type}/${id}/move`, request);
}
