import { type MouseEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCalendarFormat } from "@/lib/calendar-format";
import { cn } from "@/lib/cn";
import { today, toTime } from "@/lib/format";
import { usePhone } from "@/lib/media";
import { CalendarItem } from "./CalendarItem";
import { clock, DAY, layOut, minutesOf, seenFrom } from "./layout";
import type { CalendarViewProps } from "./types";
import { useDropDay } from "./use-calendar-drag";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** A half-hour is high enough for a line between its borders, on a phone for a thumb. */
const HEIGHT = { desk: 52, phone: 92 };
const SLOT = 30;

/** Some days side by side, hour by hour. */
export function TimeGrid(props: CalendarViewProps) {
  const { t } = useTranslation();
  const { day: dayName, weekday, hour: hourName } = useCalendarFormat();
  const { days, date, entries, scroller, onOpenDay } = props;
  const height = HEIGHT[usePhone() ? "phone" : "desk"];
  const now = today();
  const columns = { gridTemplateColumns: `3.25rem repeat(${days.length}, minmax(0, 1fr))` };
  const from = (seenFrom(days.map((day) => entries.get(day) ?? [])) / 60) * height;
  const scrolled = useRef<number>(undefined);
  // Not in the layout effect: what scrolls stands around this, and is known only after it. Who has scrolled stays there.
  useEffect(() => {
    const frame = scroller.current;
    if (!frame || (scrolled.current ?? frame.scrollTop) !== frame.scrollTop) return;
    frame.scrollTop = from;
    scrolled.current = frame.scrollTop;
  }, [scroller, from]);
  return (
    <>
      <div style={columns} className="sticky top-0 z-20 grid border-line border-b bg-panel">
        <span />
        {days.map((day) => (
          <button
            key={day}
            type="button"
            data-day={day}
            aria-current={day === now ? "date" : undefined}
            onClick={() => onOpenDay(day)}
            className={cn(
              "relative flex h-10 items-center justify-center border-line border-l text-fg2 hover:bg-hover phone:h-11",
              day === date && days.length > 1 && "font-medium text-fg",
            )}
          >
            <span aria-hidden="true" className="flex items-center gap-1.5">
              {weekday(day)}
              <DayNumber day={day} isToday={day === now} />
            </span>
            <span className="sr-only">
              {[dayName(day), t("calendar:entries", { count: entries.get(day)?.length ?? 0 })].join(
                ", ",
              )}
            </span>
          </button>
        ))}
      </div>
      <div style={columns} className="relative grid">
        <div className="relative" style={{ height: 24 * height }} aria-hidden="true">
          {HOURS.slice(1).map((hour) => (
            <span
              key={hour}
              style={{ top: hour * height }}
              className="tnum absolute right-2 -translate-y-1/2 text-fg3 text-xs"
            >
              {hourName(hour * 60)}
            </span>
          ))}
        </div>
        {days.map((day) => (
          <DayColumn key={day} {...props} day={day} height={height} isToday={day === now} />
        ))}
      </div>
    </>
  );
}

/** The number of a day; today's has a ground of its own. */
export function DayNumber({ day, isToday }: { day: string; isToday: boolean }) {
  return (
    <span
      className={cn(
        "tnum flex size-6 items-center justify-center rounded-full",
        isToday && "bg-accent font-semibold text-accent-fg",
      )}
    >
      {Number(day.slice(8))}
    </span>
  );
}

interface DayColumnProps extends CalendarViewProps {
  day: string;
  height: number;
  isToday: boolean;
}

function DayColumn({ day, entries, height, isToday, hasOwner, onSlot }: DayColumnProps) {
  const { day: dayName, time } = useCalendarFormat();
  const element = useRef<HTMLUListElement>(null);
  const over = useDropDay(element, day, height);
  const at = (minutes: number) => (minutes / 60) * height;

  function onClick(event: MouseEvent<HTMLUListElement>) {
    if (event.target !== event.currentTarget || !onSlot) return;
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    const minutes = Math.floor(((y / height) * 60) / SLOT) * SLOT;
    onSlot(day, clock(Math.min(DAY - SLOT, Math.max(0, minutes))));
  }

  return (
    <div className="relative border-line border-l" style={{ height: 24 * height }}>
      {HOURS.slice(1).map((hour) => (
        <div
          key={hour}
          aria-hidden="true"
          style={{ top: hour * height }}
          className="absolute inset-x-0 border-line border-t"
        />
      ))}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard there is the button in the header */}
      <ul
        ref={element}
        data-slots={day}
        aria-label={dayName(day)}
        onClick={onClick}
        className={cn("absolute inset-0", over && "bg-accent-soft/40")}
      >
        {layOut(entries.get(day) ?? []).map((placed) => (
          <CalendarItem
            key={placed.activity.id}
            entry={placed}
            hasOwner={hasOwner}
            className="absolute border border-panel"
            style={{
              top: at(placed.start),
              height: at(placed.end - placed.start),
              left: `${(placed.column / placed.columns) * 100}%`,
              width: `${100 / placed.columns}%`,
            }}
          />
        ))}
      </ul>
      {over?.minutes != null && (
        <div
          aria-hidden="true"
          style={{ top: at(over.minutes) }}
          className="tnum pointer-events-none absolute inset-x-0 z-10 border-accent border-t-2 pl-1 text-accent text-xs"
        >
          {time(over.minutes)}
        </div>
      )}
      {isToday && <Now at={at} />}
    </div>
  );
}

const MINUTE = 60_000;
const readClock = () => minutesOf(toTime(new Date().toISOString()));

/** The line of the present moment. */
function Now({ at }: { at: (minutes: number) => number }) {
  const [minutes, setMinutes] = useState(readClock);
  useEffect(() => {
    const timer = setInterval(() => setMinutes(readClock()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return (
    <div
      aria-hidden="true"
      style={{ top: at(minutes) }}
      className="pointer-events-none absolute inset-x-0 z-10 border-danger border-t before:absolute before:-top-1 before:-left-1 before:size-2 before:rounded-full before:bg-danger"
    />
  );
}
