import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { type RefObject, useEffect, useRef, useState } from "react";
import { DAY } from "./layout";

type Data = Record<string | symbol, unknown>;

/** What is dragged falls on quarters of an hour. */
const STEP = 15;

const isItem = ({ kind }: Data) => kind === "calendar-item";

/** Lets what is planned be taken to another day or time. */
export function useItemDrag(
  element: RefObject<HTMLElement | null>,
  { id, enabled }: { id: string; enabled: boolean },
): boolean {
  const [isDragged, setDragged] = useState(false);
  useEffect(() => {
    const item = element.current;
    if (!item) return;
    return draggable({
      element: item,
      canDrag: () => enabled,
      getInitialData: ({ input }) => ({
        kind: "calendar-item",
        id,
        grab: input.clientY - item.getBoundingClientRect().top,
      }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [element, id, enabled]);
  return isDragged;
}

/** The minutes of the day at a height of its column. */
function minutesAt(height: number, hourHeight: number): number {
  const minutes = Math.round(((height / hourHeight) * 60) / STEP) * STEP;
  return Math.min(DAY - STEP, Math.max(0, minutes));
}

interface Over {
  /** Null where a day has no hours. */
  minutes: number | null;
}

/** Makes a day a place to drop on; with the height of an hour also its hours. Answers with what is over it. */
export function useDropDay(
  element: RefObject<HTMLElement | null>,
  day: string,
  hourHeight: number | null,
): Over | null {
  const [over, setOver] = useState<Over | null>(null);
  useEffect(() => {
    const place = element.current;
    if (!place) return;
    const minutesOf = (clientY: number, { grab }: Data) => {
      if (hourHeight === null) return null;
      return minutesAt(clientY - place.getBoundingClientRect().top - Number(grab), hourHeight);
    };
    return dropTargetForElements({
      element: place,
      canDrop: ({ source }) => isItem(source.data),
      getData: ({ input, source }) => ({ day, minutes: minutesOf(input.clientY, source.data) }),
      onDrag: ({ self }) =>
        setOver((old) => {
          const minutes = self.data.minutes as number | null;
          return old && old.minutes === minutes ? old : { minutes };
        }),
      onDragLeave: () => setOver(null),
      onDrop: () => setOver(null),
    });
  }, [element, day, hourHeight]);
  return over;
}

/** Watches what is dragged in the calendar, which scrolls along. */
export function useCalendarDrag(
  scroller: RefObject<HTMLElement | null>,
  onDrop: (id: string, day: string, minutes: number | null) => void,
): void {
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const element = scroller.current;
    return combine(
      monitorForElements({
        canMonitor: ({ source }) => isItem(source.data),
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0]?.data;
          if (!target) return;
          latest.current(
            String(source.data.id),
            String(target.day),
            target.minutes as number | null,
          );
        },
      }),
      ...(element
        ? [autoScrollForElements({ element, canScroll: ({ source }) => isItem(source.data) })]
        : []),
    );
  }, [scroller]);
}
