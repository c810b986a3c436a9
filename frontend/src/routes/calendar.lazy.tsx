import { useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarPage } from "@/features/activities/calendar/CalendarPage";
import type { CalendarSearch } from "./calendar-search";
import { usualRecords } from "./usual-records";

/** What is planned and was done, by months, weeks and days. */
export default function CalendarRoute() {
  const { view = null, date = null, whose = "me" } = useSearch({ strict: false }) as CalendarSearch;
  const navigate = useNavigate();
  return (
    <CalendarPage
      address={{ view, date, whose }}
      usual={usualRecords()}
      onAddress={(changes) =>
        void navigate({
          to: "/calendar",
          search: ((old: CalendarSearch) => {
            const next = { ...old, ...changes };
            return { ...next, whose: next.whose === "team" ? "team" : undefined };
          }) as never,
          // From day to day nothing is kept to go back to; another view is.
          replace: changes.view === undefined,
        })
      }
    />
  );
}
