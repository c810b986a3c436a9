import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { DropTarget } from "./model";

interface CardData {
  kind: "card";
  cardId: string;
  stageId: string;
}

function isCard(data: Record<string | symbol, unknown>): boolean {
  return data.kind === "card";
}

/** Makes a card draggable and a neighbour to drop beside. */
export function useCardDrag(
  element: RefObject<HTMLElement | null>,
  { cardId, stageId, enabled }: { cardId: string; stageId: string; enabled: boolean },
) {
  const [dragging, setDragging] = useState(false);
  const [edge, setEdge] = useState<"top" | "bottom" | null>(null);
  useEffect(() => {
    const card = element.current;
    if (!card) return;
    const data = { kind: "card", cardId, stageId } satisfies CardData;
    return combine(
      draggable({
        element: card,
        canDrag: () => enabled,
        getInitialData: () => ({ ...data }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element: card,
        canDrop: ({ source }) => isCard(source.data),
        getData: ({ input }) => {
          const box = card.getBoundingClientRect();
          return { ...data, edge: input.clientY < box.top + box.height / 2 ? "top" : "bottom" };
        },
        onDrag: ({ self, source }) =>
          setEdge(source.data.cardId === cardId ? null : (self.data.edge as "top" | "bottom")),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [element, cardId, stageId, enabled]);
  return { dragging, edge };
}

/** Makes a column, or one of the ends, a place to drop cards. */
export function useDropPlace(
  element: RefObject<HTMLElement | null>,
  stageId: string,
  kind: "column" | "end",
): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const place = element.current;
    if (!place) return;
    return combine(
      dropTargetForElements({
        element: place,
        canDrop: ({ source }) => isCard(source.data),
        getData: () => ({ kind, stageId }),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
      ...(kind === "column" ? [autoScrollForElements({ element: place })] : []),
    );
  }, [element, stageId, kind]);
  return over;
}

/** Watches all drags of the board; answers with the card that is in the air. */
export function useBoardDrag(
  scroller: RefObject<HTMLElement | null>,
  onDrop: (cardId: string, target: DropTarget) => void,
): string | null {
  const [dragged, setDragged] = useState<string | null>(null);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const element = scroller.current;
    return combine(
      monitorForElements({
        canMonitor: ({ source }) => isCard(source.data),
        onDragStart: ({ source }) => setDragged(String(source.data.cardId)),
        onDrop: ({ source, location }) => {
          setDragged(null);
          const target = location.current.dropTargets[0];
          if (target) latest.current(String(source.data.cardId), target.data as DropTarget);
        },
      }),
      ...(element ? [autoScrollForElements({ element })] : []),
    );
  }, [scroller]);
  return dragged;
}
