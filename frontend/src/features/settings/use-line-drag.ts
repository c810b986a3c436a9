import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type RefObject, useEffect, useRef, useState } from "react";

type Edge = "top" | "bottom";

interface LineDrag {
  /** Lines are only dropped beside others of their list. */
  list: string;
  index: number;
  enabled: boolean;
  onDrop: (from: number, to: number) => void;
}

/** The place a line gets that is dropped at an edge of another; its own place closes behind it. */
export function landing(from: number, target: number, edge: Edge): number {
  const before = edge === "top" ? target : target + 1;
  return from < before ? before - 1 : before;
}

/** Makes a line draggable within its list, and a neighbour to drop beside. */
export function useLineDrag(element: RefObject<HTMLElement | null>, drag: LineDrag) {
  const { list, index, enabled } = drag;
  const [dragging, setDragging] = useState(false);
  const [edge, setEdge] = useState<Edge | null>(null);
  const latest = useRef(drag.onDrop);
  latest.current = drag.onDrop;
  useEffect(() => {
    const line = element.current;
    if (!line || !enabled) return;
    return combine(
      draggable({
        element: line,
        getInitialData: () => ({ list, index }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element: line,
        canDrop: ({ source }) => source.data.list === list && source.data.index !== index,
        getData: ({ input }) => {
          const box = line.getBoundingClientRect();
          return { edge: input.clientY < box.top + box.height / 2 ? "top" : "bottom" };
        },
        onDrag: ({ self }) => setEdge(self.data.edge as Edge),
        onDragLeave: () => setEdge(null),
        onDrop: ({ self, source }) => {
          setEdge(null);
          const from = Number(source.data.index);
          const to = landing(from, index, self.data.edge as Edge);
          if (to !== from) latest.current(from, to);
        },
      }),
    );
  }, [element, list, index, enabled]);
  return { dragging, edge };
}
