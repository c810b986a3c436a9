import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { MOST_IN_CALENDAR } from "@/api/activities";
import { isGranted, meQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { About, Me } from "@/api/types";
import { useCalendarFormat } from "@/lib/calendar-format";
import { addDays, today, toInstant, toTime, useFormat } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { IconButton } from "@/ui/IconButton";
import { PageHeader } from "@/ui/PageHeader";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { DUE_TIME } from "../draft";
import { seesTeam, type Whose } from "../sections";
import { useActivityActions } from "../use-activity-actions";
import { WhoseSwitch } from "../WhoseSwitch";
import { clock } from "./layout";
import { MonthView } from "./MonthView";
import { type CalendarView, daysOf, moved } from "./range";
import { TimeGrid } from "./TimeGrid";
import { useCalendar } from "./use-calendar";
import { useCalendarDrag } from "./use-calendar-drag";

const QuickEntry = lazyNamed(() => import("../QuickEntry").then((module) => module.QuickEntry));

/** What the address says; null is what is usual. */
export interface CalendarAddress {
  view: CalendarView | null;
  date: string | null;
  whose: Whose;
}

interface CalendarPageProps {
  address: CalendarAddress;
  onAddress: (changes: Partial<CalendarAddress>) => void;
  /** Records offered for a new task before anything is typed. */
  usual: About[];
}

/** What is planned and was done, by months, weeks and days. */
export function CalendarPage(props: CalendarPageProps) {
  const me = useQuery(meQuery()).data;
  return me ? <Page me={me} {...props} /> : null;
}

/** A phone is too narrow for a week. */
function viewOn(isPhone: boolean, view: CalendarView | null): CalendarView {
  if (!isPhone) return view ?? "week";
  return view === "day" || view === "week" ? "day" : "month";
}

type Slot = { date: string; time: string };

function Page({ me, address, onAddress, usual }: CalendarPageProps & { me: Me }) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const format = useCalendarFormat();
  const view = viewOn(isPhone, address.view);
  const date = address.date ?? today();
  const hasTeam = seesTeam(me);
  const whose = hasTeam ? address.whose : "me";
  const mayPlan = isGranted(me.permissions, "activity", "create");
  const [slot, setSlot] = useState<Slot | null>(null);
  useDayKeys(view, date, isPhone, onAddress);
  const days = daysOf(view, date);
  const [first = date, last = date] = [days[0], days.at(-1)];
  const title = {
    month: () => format.month(date),
    week: () => format.range(first, last),
    day: () => format.day(date),
  }[view]();

  const controls = (
    <>
      <SegmentedControl
        label={t("calendar:viewLabel")}
        value={view}
        onChange={(next) => onAddress({ view: next })}
        options={viewsOn(isPhone).map((value) => ({ value, label: t(`calendar:view.${value}`) }))}
      />
      {hasTeam && <WhoseSwitch value={whose} onChange={(next) => onAddress({ whose: next })} />}
      {mayPlan && (
        <IconButton
          label={t("activities:quick.task")}
          className="phone:ml-auto"
          onClick={() => setSlot({ date, time: "" })}
        >
          <Plus />
        </IconButton>
      )}
    </>
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t("activities:calendar")}
        meta={<span aria-live="polite">{title}</span>}
        actions={
          <>
            <IconButton
              label={t("calendar:previous")}
              onClick={() => onAddress({ date: moved(view, date, -1) })}
            >
              <ChevronLeft />
            </IconButton>
            <Button
              variant="ghost"
              className="phone:px-2"
              onClick={() => onAddress({ date: today() })}
            >
              {t("calendar:today")}
            </Button>
            <IconButton
              label={t("calendar:next")}
              onClick={() => onAddress({ date: moved(view, date, 1) })}
            >
              <ChevronRight />
            </IconButton>
            {!isPhone && controls}
          </>
        }
      />
      {isPhone && (
        <div className="flex shrink-0 items-center gap-2 border-line border-b bg-panel px-3 py-1.5">
          {controls}
        </div>
      )}
      <Days
        key={view}
        view={view}
        date={date}
        days={days}
        whose={whose}
        onDate={(day) => onAddress({ date: day })}
        onOpenDay={(day) => onAddress({ view: "day", date: day })}
        onSlot={mayPlan ? (day, time) => setSlot({ date: day, time }) : undefined}
      />
      <Suspense fallback={null}>
        {slot && <QuickEntry kind="task" usual={usual} at={slot} onClose={() => setSlot(null)} />}
      </Suspense>
    </div>
  );
}

function viewsOn(isPhone: boolean): CalendarView[] {
  return isPhone ? ["month", "day"] : ["month", "week", "day"];
}

/** The arrows go from day to day, M, W and D to another view. */
function useDayKeys(
  view: CalendarView,
  date: string,
  isPhone: boolean,
  onAddress: CalendarPageProps["onAddress"],
) {
  const isWanted = useRef(false);
  useEffect(() => {
    if (!isWanted.current) return;
    isWanted.current = false;
    document.querySelector<HTMLElement>(`[data-day="${date}"]`)?.focus();
  }, [date]);

  const step = (days: number) => () => {
    isWanted.current = true;
    onAddress({ date: addDays(date, days) });
  };
  useShortcuts({
    m: () => onAddress({ view: "month" }),
    d: () => onAddress({ view: "day" }),
    ...(!isPhone && { w: () => onAddress({ view: "week" }) }),
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    // Where there are hours, these scroll.
    ...(view === "month" && { ArrowUp: step(-7), ArrowDown: step(7) }),
  });
}

interface DaysProps {
  view: CalendarView;
  date: string;
  days: string[];
  whose: Whose;
  onDate: (day: string) => void;
  onOpenDay: (day: string) => void;
  onSlot: ((day: string, time: string) => void) | undefined;
}

function Days({ view, whose, ...places }: DaysProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const scroller = useRef<HTMLDivElement>(null);
  const { reschedule } = useActivityActions();
  const { query, activities, entries, isLoading, isCut } = useCalendar(whose, places.days);

  useCalendarDrag(scroller, (id, day, minutes) => {
    const activity = activities.find((one) => one.id === id);
    if (!activity) return;
    const kept = activity.due_at === null ? DUE_TIME : toTime(activity.due_at);
    const due = toInstant(day, minutes === null ? kept : clock(minutes));
    const isMoved = activity.due_at === null || Date.parse(due) !== Date.parse(activity.due_at);
    if (isMoved) void reschedule(activity, due);
  });

  const problem = query.isError ? asProblem(query.error) : null;
  const View = view === "month" ? MonthView : TimeGrid;
  return (
    <>
      {isCut && (
        <p role="status" className="shrink-0 border-line border-b bg-panel px-4 py-1.5 text-warn">
          {t("calendar:limit", { most: number(MOST_IN_CALENDAR) })}
        </p>
      )}
      <div
        ref={scroller}
        aria-busy={(isLoading && !problem) || undefined}
        className="relative min-h-0 flex-1 overflow-y-auto bg-panel"
      >
        {problem ? (
          <ErrorState problem={problem} onRetry={() => void query.refetch()} />
        ) : (
          <View {...places} entries={entries} hasOwner={whose === "team"} scroller={scroller} />
        )}
      </div>
    </>
  );
}
