import { useNavigate, useSearch } from "@tanstack/react-router";
import { TasksPage } from "@/features/activities/TasksPage";

/** The day ahead of the user, or of their team. */
export default function TasksRoute() {
  const { whose = "me" } = useSearch({ strict: false }) as { whose?: "team" };
  const navigate = useNavigate();
  return (
    <TasksPage
      whose={whose}
      onWhose={(next) =>
        void navigate({
          to: "/tasks",
          search: (next === "team" ? { whose: next } : {}) as never,
          replace: true,
        })
      }
    />
  );
}
