import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { activitiesQuery } from "@/api/activities";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { DUE_TODAY } from "./sections";
import { TaskRow } from "./TaskRow";

const SHOWN = 8;

/** What is late and what is due today, to be checked off where it stands. */
export function TodayTasks() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(activitiesQuery(DUE_TODAY, SHOWN));
  if (query.isPending) {
    return (
      <div role="status" aria-busy="true" aria-label={t("records:loading")}>
        {[0, 1, 2].map((line) => (
          <Skeleton key={line} className="my-3" />
        ))}
      </div>
    );
  }
  if (query.isError) {
    return (
      <p role="alert" className="flex items-center gap-2 text-fg2">
        <span className="min-w-0 flex-1">{asProblem(query.error).title}</span>
        <Button size="sm" onClick={() => void query.refetch()}>
          {t("common:retry")}
        </Button>
      </p>
    );
  }
  const tasks = query.data.pages.flatMap((page) => page.data);
  if (tasks.length === 0) {
    return (
      <p className="flex items-center gap-2 py-3 text-fg2">
        <CircleCheck className="size-5 text-ok" aria-hidden="true" />
        {t("activities:nothingToday")}
      </p>
    );
  }
  return (
    <>
      <ul className="-mx-2">
        {tasks.map((activity) => (
          <TaskRow key={activity.id} activity={activity} hasRecords />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="ghost"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("activities:showMore")}
        </Button>
      )}
    </>
  );
}
