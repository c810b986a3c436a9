import type { ComponentProps } from "react";
import type { Activity } from "@/api/types";
import { More } from "./More";
import { TaskRow } from "./TaskRow";

interface TaskListProps extends Pick<ComponentProps<typeof More>, "query"> {
  tasks: Activity[];
  /** Whether each says what it is about. */
  hasRecords?: boolean;
  className?: string;
}

/** Tasks one below the other, and more of them as long as there are more. */
export function TaskList({ tasks, query, hasRecords = false, className }: TaskListProps) {
  return (
    <>
      <ul className={className}>
        {tasks.map((activity) => (
          <TaskRow key={activity.id} activity={activity} hasRecords={hasRecords} />
        ))}
      </ul>
      <More query={query} />
    </>
  );
}
