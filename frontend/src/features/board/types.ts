import type { RefObject } from "react";
import type { Opportunity, Stage } from "@/api/types";
import type { Place } from "./model";

/** What cards and columns can ask of the board. */
export interface BoardActions {
  stages: Stage[];
  move: (card: Opportunity, place: Place) => void;
  /** Moves to the top of a stage, for menus and the drop zones of the ends. */
  moveToStage: (card: Opportunity, stageId: string) => void;
  /** Moves up or down within the column. */
  shift: (card: Opportunity, by: 1 | -1) => void;
  loadMore: (stageId: string) => Promise<void>;
  /** The card to focus where it reappears, when the keyboard moved it. */
  focusAfterMove: RefObject<string | null>;
}
