import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarDays, CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { activitiesQuery } from "@/api/activities";
import { isGranted, meQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { Activity } from "@/api/types";
import { today, useFormat } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { Tooltip } from "@/ui/Tooltip";
import { More } from "./More";
import { QuickTask } from "./QuickTask";
import { Stepless, useStepless } from "./Stepless";
import { AHEAD, filtersOf, sectionsOf, seesTeam, type Whose } from "./sections";
import { TaskRow } from "./TaskRow";
import { TaskSection } from "./TaskSection";
import { useTaskKeys } from "./use-task-keys";
import { WhoseSwitch } from "./WhoseSwitch";

interface TasksPageProps {
  whose: Whose;
  onWhose: (whose: Whose) => void;
}

/** The day ahead: what is late, what is due, what comes, and where nothing is planned. */
export function TasksPage({ whose, onWhose }: TasksPageProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const me = useQuery(meQuery()).data;
  if (!me) return null;
  const hasTeam = seesTeam(me);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t("activities:myDay")}
        meta={<span className="phone:hidden">{date(today())}</span>}
        actions={
          <>
            {hasTeam && <WhoseSwitch value={whose} onChange={onWhose} />}
            <Tooltip content={t("activities:calendar")} shortcut="g k">
              <Link
                to={"/calendar" as string}
                aria-label={t("activities:calendar")}
                className="flex size-8 items-center justify-center rounded-md text-fg2 hover:bg-hover hover:text-fg phone:size-11"
              >
                <CalendarDays className="size-4" aria-hidden="true" />
              </Link>
            </Tooltip>
          </>
        }
      />
      <div className="relative min-h-0 flex-1 overflow-y-auto bg-panel">
        <div className="mx-auto max-w-4xl pb-8">
          {isGranted(me.permissions, "activity", "create") && <QuickTask />}
          <Tasks whose={hasTeam ? whose : "me"} />
        </div>
      </div>
    </div>
  );
}

const TONES = { overdue: "text-danger", today: "text-ok", later: undefined };

function Tasks({ whose }: { whose: Whose }) {
  const { t } = useTranslation();
  const filters = filtersOf(whose);
  const dated = useInfiniteQuery(activitiesQuery(filters.dated));
  const undated = useInfiniteQuery(activitiesQuery(filters.undated));
  const stepless = useStepless(filters);
  const datedTasks = dated.data?.pages.flatMap((page) => page.data) ?? [];
  const undatedTasks = undated.data?.pages.flatMap((page) => page.data) ?? [];
  const page = useTaskKeys([...datedTasks, ...undatedTasks]);

  const failed = [dated, undated].find((query) => query.isError);
  if (failed) {
    return <ErrorState problem={asProblem(failed.error)} onRetry={() => void failed.refetch()} />;
  }
  if (dated.isPending || undated.isPending || stepless.isPending) {
    return <SkeletonRows label={t("records:loading")} />;
  }
  const row = (activity: Activity) => (
    <TaskRow key={activity.id} activity={activity} hasRecords hasOwner={whose === "team"} />
  );
  const isEmpty = datedTasks.length + undatedTasks.length === 0;
  return (
    <div ref={page}>
      {isEmpty && (
        <EmptyState icon={<CircleCheck />} title={t("activities:allDone")}>
          {t("activities:allDoneHint")}
        </EmptyState>
      )}
      {sectionsOf(datedTasks).map(({ id, activities }) => (
        <TaskSection
          key={id}
          title={t(`activities:section.${id}`, { days: AHEAD })}
          count={activities.length}
          tone={TONES[id]}
        >
          {activities.map(row)}
        </TaskSection>
      ))}
      <More query={dated} className="mt-1 ml-4" />
      {undatedTasks.length > 0 && (
        <TaskSection title={t("activities:section.undated")} count={undatedTasks.length}>
          {undatedTasks.map(row)}
        </TaskSection>
      )}
      <More query={undated} className="mt-1 ml-4" />
      <Stepless lists={stepless.lists} />
    </div>
  );
}
