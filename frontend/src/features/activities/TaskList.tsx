import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Activity } from "@/api/types";
import { Button } from "@/ui/Button";
import { TaskRow } from "./TaskRow";

interface TaskListProps {
  tasks: Activity[];
  query: Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;
  /** Whether each says what it is about. */
  hasRecords?: boolean;
  className?: string;
}

/** Tasks one below the other, and more of them as long as there are more. */
export function TaskList({ tasks, query, hasRecords = false, className }: TaskListProps) {
  const { t } = useTranslation();
  return (
    <>
      <ul className={className}>
        {tasks.map((activity) => (
          <TaskRow key={activity.id} activity={activity} hasRecords={hasRecords} />
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
