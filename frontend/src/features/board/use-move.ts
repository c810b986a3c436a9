import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type Board,
  type BoardQuery,
  boardKey,
  type MoveRequest,
  moveOpportunity,
} from "@/api/board";
import { asProblem, type Problem } from "@/api/problem";
import { recordKeys } from "@/api/records";
import type { Opportunity, Stage } from "@/api/types";
import { isEmptyValue, memberOf } from "@/features/records/model";
import { toast } from "@/ui/Toast";
import { type Place, placeCard, placeOf } from "./model";

/** What the user said about a move, beside its place. */
export type MoveAnswers = Omit<MoveRequest, "stage_id" | "after_id" | "before_id">;

/** A move that waits for answers; `names` are the members of the request that are wanted. */
export interface MoveQuestion {
  card: Opportunity;
  place: Place;
  stage: Stage;
  names: string[];
  errors: Record<string, string>;
}

const KNOWN = /^(lost_reason|lost_note|reason|fields\.\w+)/;

/** The members of the request that the server still wants; empty when the refusal is another one. */
function wantedBy(problem: Problem): Record<string, string> {
  if (problem.status !== 422) return {};
  const entries = Object.entries(problem.fieldErrors());
  return entries.every(([name]) => KNOWN.test(name)) ? Object.fromEntries(entries) : {};
}

/** The fields the stage asks for that neither the card nor the answers have; the server has the last word. */
function missingFields(card: Opportunity, stage: Stage, answers: MoveAnswers): string[] {
  if (stage.id === card.stage_id) return [];
  const given: Record<string, unknown> = answers.fields ?? {};
  return stage.required_fields
    .filter((name) => isEmptyValue(memberOf(card, name)) && isEmptyValue(given[name]))
    .map((name) => `fields.${name}`);
}

/** What is asked before anything is sent: losing and reopening always need a word. */
function askedFirst(card: Opportunity, stage: Stage, answers: MoveAnswers): string[] {
  const fields = missingFields(card, stage, answers);
  if (stage.category === "lost" && card.category !== "lost" && !answers.lost_reason) {
    return ["lost_reason", "lost_note", ...fields];
  }
  if (card.category !== "open" && stage.category === "open" && !answers.reason) {
    return ["reason", ...fields];
  }
  return fields;
}

function requestOf(place: Place, answers: MoveAnswers): MoveRequest {
  return {
    ...answers,
    stage_id: place.stageId,
    ...(place.beforeId !== undefined && { before_id: place.beforeId }),
    ...(place.afterId !== undefined && { after_id: place.afterId }),
  };
}

/** What takes a card back where it came from; leaving an end again needs a reason, entering lost too. */
function wayBack(card: Opportunity): MoveAnswers {
  return {
    reason: "undo",
    ...(card.lost_reason !== null && { lost_reason: card.lost_reason }),
    ...(card.lost_note !== null && { lost_note: card.lost_note }),
  };
}

/**
 * Moves cards: shown at once, rolled back with an explanation when refused.
 * Asks for what the target stage wants to know, and offers the way back.
 * Without a board only the record itself is moved.
 */
export function useMove(stages: Stage[], query?: BoardQuery) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [question, setQuestion] = useState<MoveQuestion | null>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef({ stages, query, t });
  latest.current = { stages, query, t };

  const shown = useCallback(() => {
    const key = latest.current.query && boardKey(latest.current.query);
    return { key, board: key && client.getQueryData<Board>(key) };
  }, [client]);

  const send = useCallback(
    async (card: Opportunity, place: Place, answers: MoveAnswers): Promise<Opportunity> => {
      const { key, board } = shown();
      if (key) await client.cancelQueries({ queryKey: key });
      if (key && board) client.setQueryData(key, placeCard(board, card, place));
      try {
        const moved = await moveOpportunity(card.id, requestOf(place, answers));
        client.setQueryData(recordKeys.one("opportunities", card.id), moved);
        return moved;
      } catch (error) {
        if (key) client.setQueryData(key, board);
        throw error;
      } finally {
        void client.invalidateQueries({ queryKey: recordKeys.all("opportunities") });
      }
    },
    [client, shown],
  );

  const takeBack = useCallback(
    async (moved: Opportunity, card: Opportunity, from: Place) => {
      try {
        await send(moved, from, wayBack(card));
      } catch (error) {
        const problem = asProblem(error);
        toast(latest.current.t("board:undoFailed"), {
          tone: "error",
          description: problem.detail ?? problem.title,
        });
      }
    },
    [send],
  );

  const run = useCallback(
    async (card: Opportunity, place: Place, answers: MoveAnswers) => {
      const stage = latest.current.stages.find((candidate) => candidate.id === place.stageId);
      if (!stage) return;
      const names = askedFirst(card, stage, answers);
      if (names.length > 0) return setQuestion({ card, place, stage, names, errors: {} });
      const { board } = shown();
      const from = board ? placeOf(board, card) : { stageId: card.stage_id };
      setBusy(true);
      try {
        const moved = await send(card, place, answers);
        setQuestion(null);
        if (stage.id !== card.stage_id) {
          toast(
            latest.current.t(`board:moved.${stage.category}`, {
              name: card.name,
              stage: stage.name,
            }),
            {
              action: {
                label: latest.current.t("board:undo"),
                run: () => void takeBack(moved, card, from),
              },
            },
          );
        }
      } catch (error) {
        const problem = asProblem(error);
        const wanted = wantedBy(problem);
        const wantedNames = Object.keys(wanted);
        if (wantedNames.length === 0) {
          setQuestion(null);
          return toast(latest.current.t("board:moveFailed", { name: card.name }), {
            tone: "error",
            description: problem.detail ?? problem.title,
          });
        }
        setQuestion((old) => ({
          card,
          place,
          stage,
          names: [...new Set([...(old?.names ?? []), ...wantedNames])],
          // The first time the form itself says what is missing.
          errors: old === null ? {} : wanted,
        }));
      } finally {
        setBusy(false);
      }
    },
    [send, shown, takeBack],
  );

  return {
    question,
    busy,
    move: useCallback((card: Opportunity, place: Place) => void run(card, place, {}), [run]),
    answer: useCallback(
      (asked: MoveQuestion, answers: MoveAnswers) => void run(asked.card, asked.place, answers),
      [run],
    ),
    giveUp: useCallback(() => setQuestion(null), []),
  };
}
