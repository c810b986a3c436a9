import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TimelineFilter, timelineQuery } from "@/api/activities";
import { asProblem } from "@/api/problem";
import type { AnyRecord, TimelineEntry } from "@/api/types";
import { ChangeEntry } from "@/features/records/ChangeEntry";
import type { Descriptor } from "@/features/records/model";
import { daysFromToday, toDate, useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { SkeletonRows } from "@/ui/Skeleton";
import { ActivityEntry } from "./ActivityEntry";
import { TimelineFilters } from "./TimelineFilters";

interface TimelineProps {
  descriptor: Descriptor;
  record: AnyRecord;
}

/** What was done about a record and what changed in it, newest first, day by day. */
export function Timeline({ descriptor, record }: TimelineProps) {
  const { t } = useTranslation();
  const heading = useId();
  const [filter, setFilter] = useState<TimelineFilter>({ kinds: [] });
  return (
    <section aria-labelledby={heading} className="px-4 py-3 phone:px-3">
      <header className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 id={heading} className="font-medium">
          {t("records:timeline")}
        </h2>
        <TimelineFilters value={filter} onChange={setFilter} />
      </header>
      <Entries descriptor={descriptor} record={record} filter={filter} />
    </section>
  );
}

interface Day {
  date: string;
  entries: TimelineEntry[];
}

/** The entries of each day together; they come in the order of time. */
function daysOf(entries: TimelineEntry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const date = toDate(entry.at);
    const last = days.at(-1);
    if (last?.date === date) last.entries.push(entry);
    else days.push({ date, entries: [entry] });
  }
  return days;
}

function Entries({ descriptor, record, filter }: TimelineProps & { filter: TimelineFilter }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    ...timelineQuery(descriptor.type, record.id, filter),
    placeholderData: keepPreviousData,
  });
  if (query.isPending) return <SkeletonRows label={t("records:loading")} />;
  if (query.isError) {
    const problem = asProblem(query.error);
    if (problem.status === 404) return <p className="text-fg3">{t("records:notFoundHint")}</p>;
    return <ErrorState problem={problem} onRetry={() => void query.refetch()} />;
  }
  const entries = query.data.pages.flatMap((page) => page.data);
  if (entries.length === 0) return <p className="text-fg3">{t("activities:nothingYet")}</p>;
  return (
    <>
      {daysOf(entries).map((day) => (
        <section key={day.date} className="mb-4">
          <DayHeading date={day.date} />
          <ol className="relative flex flex-col gap-4 before:absolute before:top-2 before:bottom-2 before:left-2.5 before:w-px before:bg-line">
            {day.entries.map((entry) => (
              <Entry key={entry.id} descriptor={descriptor} record={record} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("records:showOlder")}
        </Button>
      )}
    </>
  );
}

function DayHeading({ date: day }: { date: string }) {
  const { date, relativeDay } = useFormat();
  const isNear = daysFromToday(day) >= -1;
  return (
    <h3 className="mb-2 text-fg3 text-xs">
      <time dateTime={day}>{isNear ? relativeDay(day) : date(day)}</time>
    </h3>
  );
}

function Entry({ descriptor, record, entry }: TimelineProps & { entry: TimelineEntry }) {
  const { activity, change, at, from } = entry;
  if (activity) {
    return <ActivityEntry activity={activity} at={at} recordId={record.id} from={from} />;
  }
  return change && <ChangeEntry descriptor={descriptor} record={record} entry={change} />;
}
