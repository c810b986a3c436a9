import { Link } from "@tanstack/react-router";
import { AlarmClock, Flag, Repeat as RepeatIcon } from "lucide-react";
import { type KeyboardEvent, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { collections } from "@/api/activities";
import type { About, Activity, Repeat } from "@/api/types";
import { traits, wasPlanned } from "@/features/records/activity-kinds";
import { NextStep } from "@/features/records/NextStep";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { useFormat } from "@/lib/format";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { Avatar } from "@/ui/Avatar";
import { Checkbox } from "@/ui/Checkbox";
import { ActivityMenu } from "./ActivityMenu";
import { minutesAhead } from "./reminder";
import { useActivityActions } from "./use-activity-actions";
import { useReminderWords } from "./use-reminder-words";

const AttachedMark = lazyNamed(() =>
  withTexts("files", () => import("./files/AttachedMark")).then((module) => module.AttachedMark),
);

/** Where a record an activity is about has its page. */
export function pathOf({ type, id }: About): string {
  return `/${collections[type]}/${id}`;
}

interface TaskRowProps {
  activity: Activity;
  /** Where the rows are of several records: the records, each a way to its page. */
  hasRecords?: boolean;
  /** Where the rows are of several people: whose it is. */
  hasOwner?: boolean;
  /** Where the day is known: the time, in place of when it is due. */
  at?: string | null;
  className?: string;
}

/** Enter on the box of a row goes to the record; Space ticks it. */
function openRecord(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter" || isComposing(event)) return;
  const row = event.currentTarget.closest("[data-task]");
  row?.querySelector<HTMLElement>("[data-task-record]")?.click();
}

/** Something planned, to be checked off. */
export function TaskRow({ activity, hasRecords, hasOwner, at, className }: TaskRowProps) {
  const { t } = useTranslation();
  const { time } = useFormat();
  const { complete, reopen } = useActivityActions();
  const isDone = activity.status === "done";
  // What was never planned is done for good.
  const isTicked = wasPlanned(activity);
  const canTick = activity.can.edit && (!isDone || isTicked);
  const Icon = traits[activity.kind].icon;
  return (
    <li
      data-task={activity.id}
      className={cn(
        "group flex min-h-11 items-center gap-3 rounded-md px-2 py-1 hover:bg-hover has-[a:focus-visible]:bg-hover phone:min-h-14",
        className,
      )}
    >
      <Checkbox
        aria-label={t("activities:completeNamed", { name: activity.name })}
        checked={isDone}
        disabled={!canTick}
        onCheckedChange={(done) => void (done ? complete(activity) : reopen(activity))}
        onKeyDown={openRecord}
        className="rounded-full"
      />
      <Icon className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-1.5">
          <span className="sr-only">{t(`activities:kinds.${activity.kind}`)}:</span>
          <span className={cn("truncate", isTicked && "text-fg3 line-through")}>
            {activity.name}
          </span>
          {activity.priority === "high" && (
            <Flag
              role="img"
              className="size-3.5 shrink-0 text-danger"
              aria-label={t("activities:urgent")}
            />
          )}
        </p>
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs">
          {hasRecords && <Records about={activity.about} />}
          {activity.repeat && <Repeats rule={activity.repeat} />}
          {!isDone && <Reminds activity={activity} />}
        </div>
      </div>
      {activity.attachments.length > 0 && (
        <Suspense fallback={null}>
          <AttachedMark attachments={activity.attachments} />
        </Suspense>
      )}
      {hasOwner && activity.owner && (
        <span className="flex max-w-28 items-center gap-1.5 text-fg2 text-xs">
          <Avatar name={activity.owner.name} />
          <span className="truncate phone:sr-only">{activity.owner.name}</span>
        </span>
      )}
      {at && <time className="tnum shrink-0 text-fg2 text-xs">{time(at)}</time>}
      {!at && activity.due_at !== null && !isDone && (
        <Due activity={activity} at={activity.due_at} />
      )}
      <ActivityMenu activity={activity} />
    </li>
  );
}

/** How it comes again after it was done. */
function Repeats({ rule: { every, interval, until } }: { rule: Repeat }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const rule =
    interval === 1
      ? t(`activities:every.${every}`)
      : t(`activities:everyN.${every}`, { n: interval });
  return (
    <span className="flex items-center gap-1 text-fg3">
      <RepeatIcon className="size-3" aria-hidden="true" />
      {until ? t("activities:untilDay", { rule, date: date(until) }) : rule}
    </span>
  );
}

/** When its owner is reminded, where that is not when it is due. */
function Reminds({ activity: { due_at, reminder_at } }: { activity: Activity }) {
  const { t } = useTranslation();
  const words = useReminderWords();
  if (due_at === null || reminder_at === null) return null;
  return (
    <span className="flex items-center gap-1 text-fg3">
      <AlarmClock className="size-3" role="img" aria-label={t("activities:remind.label")} />
      {words(minutesAhead(due_at, reminder_at))}
    </span>
  );
}

/** The day it is due; what takes place at an hour says that too. */
function Due({ activity, at }: { activity: Activity; at: string }) {
  const { time } = useFormat();
  return (
    <span className="flex shrink-0 flex-col items-end text-xs">
      <NextStep at={at} />
      {activity.kind !== "task" && <span className="tnum text-fg3">{time(at)}</span>}
    </span>
  );
}

const ORDER: About["type"][] = ["opportunity", "lead", "customer", "contact"];

/** The records it is about that may be seen, the one where work goes on first. */
export function recordsByOrder(about: About[]): About[] {
  return about
    .filter(({ name }) => name !== null)
    .sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
}

/** The record it is about; of several the one where work goes on, with the others' names as its title. */
function Records({ about }: { about: About[] }) {
  const [first, ...others] = recordsByOrder(about);
  if (!first) return null;
  return (
    <Link
      to={pathOf(first)}
      data-task-record=""
      title={others.map(({ name }) => name).join(" · ") || undefined}
      className="flex w-fit max-w-full items-center text-fg2 hover:text-fg hover:underline phone:min-h-11"
    >
      <span className="truncate">{first.name}</span>
    </Link>
  );
}
