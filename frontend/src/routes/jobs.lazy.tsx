import { useNavigate, useSearch } from "@tanstack/react-router";
import { JobsPage } from "@/features/jobs/JobsPage";

/** The jobs of the user, or of everybody. */
export default function JobsRoute() {
  const { whose = "mine" } = useSearch({ strict: false }) as { whose?: "all" };
  const navigate = useNavigate();
  return (
    <JobsPage
      whose={whose}
      onWhose={(next) =>
        void navigate({
          to: "/jobs" as string,
          search: (next === "all" ? { whose: next } : {}) as never,
          replace: true,
        })
      }
    />
  );
}
