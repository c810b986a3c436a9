import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { activitiesQuery } from "@/api/activities";
import { Read } from "@/features/records/Read";
import { DUE_TODAY } from "./sections";
import { TaskList } from "./TaskList";

const SHOWN = 8;

/** What is late and what is due today, to be checked off where it stands. */
export function TodayTasks() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(activitiesQuery(DUE_TODAY, SHOWN));
  return (
    <Read query={query} lines={3}>
      {({ pages }) => {
        const tasks = pages.flatMap((page) => page.data);
        if (tasks.length > 0) {
          return <TaskList tasks={tasks} query={query} hasRecords className="-mx-2" />;
        }
        return (
          <p className="flex items-center gap-2 py-3 text-fg2">
            <CircleCheck className="size-5 text-ok" aria-hidden="true" />
            {t("activities:nothingToday")}
          </p>
        );
      }}
    </Read>
  );
}
