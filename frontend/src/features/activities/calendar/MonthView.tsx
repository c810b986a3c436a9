import { type MouseEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCalendarFormat } from "@/lib/calendar-format";
import { cn } from "@/lib/cn";
import { today } from "@/lib/format";
import { usePhone } from "@/lib/media";
import { TaskRow } from "../TaskRow";
import { CalendarItem } from "./CalendarItem";
import { timeOf } from "./layout";
import { weeksOf } from "./range";
import { DayNumber } from "./TimeGrid";
import type { CalendarViewProps } from "./types";
import { useDropDay } from "./use-calendar-drag";

/** As many are shown on a day; with one more there is a way to all of them. */
const SHOWN = 3;

/** A month week by week; on a phone dots, with the list of the chosen day below. */
export function MonthView(props: CalendarViewProps) {
  const { month, weekday } = useCalendarFormat();
  const { days, date } = props;
  const isPhone = usePhone();
  return (
    <div className={cn("flex flex-col", !isPhone && "min-h-full")}>
      {/* biome-ignore lint/a11y/useSemanticElements: the rows share the height, which those of a table do not */}
      <div role="grid" aria-label={month(date)} className="flex flex-1 flex-col">
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the days in it take the focus */}
        <div
          role="row"
          className="sticky top-0 z-20 grid grid-cols-7 border-line border-b bg-panel text-fg3 text-xs"
        >
          {days.slice(0, 7).map((day) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <span key={day} role="columnheader" className="py-1 text-center">
              {weekday(day)}
            </span>
          ))}
        </div>
        {weeksOf(days).map((week) => (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={week[0]}
            role="row"
            className={cn(
              "grid grid-cols-7 border-line",
              isPhone ? "h-14" : "min-h-31 flex-1 border-b",
            )}
          >
            {week.map((day) =>
              isPhone ? (
                <DotDay key={day} {...props} day={day} />
              ) : (
                <DayCell key={day} {...props} day={day} />
              ),
            )}
          </div>
        ))}
      </div>
      {isPhone && <DayList {...props} />}
    </div>
  );
}

interface DayProps extends CalendarViewProps {
  day: string;
}

/** What the button of a day is and says. */
function useDayButton({ day, date, entries }: DayProps) {
  const { t } = useTranslation();
  const { day: dayName } = useCalendarFormat();
  const count = entries.get(day)?.length ?? 0;
  return {
    type: "button" as const,
    "data-day": day,
    tabIndex: day === date ? 0 : -1,
    "aria-current": day === today() ? ("date" as const) : undefined,
    "aria-label": [dayName(day), t("calendar:entries", { count })].join(", "),
  };
}

const isOutside = ({ day, date }: DayProps) => day.slice(0, 7) !== date.slice(0, 7);

function DayCell(props: DayProps) {
  const { t } = useTranslation();
  const { day: dayName } = useCalendarFormat();
  const { day, date, entries, hasOwner, onOpenDay, onSlot } = props;
  const cell = useRef<HTMLDivElement>(null);
  const over = useDropDay(cell, day, null);
  const button = useDayButton(props);
  const all = entries.get(day) ?? [];
  const shown = all.length > SHOWN + 1 ? all.slice(0, SHOWN) : all;
  const hidden = all.length - shown.length;

  function onClick(event: MouseEvent<HTMLDivElement>) {
    if (event.target === event.currentTarget) onSlot?.(day, "");
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard there is the button in the header
    <div
      ref={cell}
      role="gridcell"
      aria-selected={day === date}
      data-slots={day}
      onClick={onClick}
      className={cn(
        "flex min-w-0 flex-col gap-px border-line border-l p-1 first:border-l-0",
        isOutside(props) && "bg-bg",
        over && "bg-accent-soft/60",
      )}
    >
      <button
        {...button}
        onClick={() => onOpenDay(day)}
        className={cn(
          "mb-0.5 w-fit self-start rounded-full hover:bg-hover",
          isOutside(props) ? "text-fg3" : "text-fg2",
          day === date && "font-semibold text-fg",
        )}
      >
        <DayNumber day={day} isToday={day === today()} />
      </button>
      {shown.length > 0 && (
        <ul className="flex min-w-0 flex-col gap-px">
          {shown.map((entry) => (
            <CalendarItem key={entry.activity.id} entry={entry} hasOwner={hasOwner} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <button
          type="button"
          aria-label={t("calendar:moreOn", { count: hidden, day: dayName(day) })}
          onClick={() => onOpenDay(day)}
          className="h-6 truncate rounded px-1.5 text-left text-fg2 text-xs hover:bg-hover hover:text-fg"
        >
          {t("calendar:more", { count: hidden })}
        </button>
      )}
    </div>
  );
}

function DotDay(props: DayProps) {
  const { day, date, entries, onDate } = props;
  const button = useDayButton(props);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
    <div role="gridcell" aria-selected={day === date} className="flex">
      <button
        {...button}
        onClick={() => onDate(day)}
        className={cn(
          "flex min-w-0 flex-1 flex-col items-center justify-center rounded-lg",
          isOutside(props) && "text-fg3",
          day === date && "bg-accent-soft",
        )}
      >
        <DayNumber day={day} isToday={day === today()} />
        <span className="flex h-2 items-center gap-0.5" aria-hidden="true">
          {(entries.get(day) ?? []).slice(0, SHOWN).map(({ activity }) => (
            <span
              key={activity.id}
              className={cn(
                "size-1.5 rounded-full",
                activity.status === "done" ? "bg-fg3" : "bg-accent",
              )}
            />
          ))}
        </span>
      </button>
    </div>
  );
}

/** What stands on the chosen day. */
function DayList({ date, entries, hasOwner }: CalendarViewProps) {
  const { t } = useTranslation();
  const { day: dayName } = useCalendarFormat();
  const all = entries.get(date) ?? [];
  return (
    <section aria-label={dayName(date)} className="border-line border-t px-1 py-2">
      <h2 className="px-2 py-1 font-medium">{dayName(date)}</h2>
      {all.length === 0 && <p className="px-2 py-2 text-fg3">{t("calendar:nothing")}</p>}
      <ul>
        {all.map(({ activity }) => (
          <TaskRow
            key={activity.id}
            activity={activity}
            hasRecords
            hasOwner={hasOwner}
            at={timeOf(activity)}
          />
        ))}
      </ul>
    </section>
  );
}
