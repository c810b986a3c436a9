import { useInfiniteQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { plannedQuery } from "@/api/activities";
import type { Activity, Singular } from "@/api/types";
import { TaskList } from "./TaskList";

/** What is due first stands first; what has no day stands last. */
function byDue(a: Activity, b: Activity): number {
  return (a.due_at ?? "~").localeCompare(b.due_at ?? "~");
}

/** What is to be done about a record; absent while nothing is. */
export function Planned({ type, id }: { type: Singular; id: string }) {
  const { t } = useTranslation();
  const heading = useId();
  const query = useInfiniteQuery(plannedQuery(type, id));
  const planned = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (planned.length === 0) return null;
  return (
    <section aria-labelledby={heading} className="border-line border-b px-2 py-2">
      <h2 id={heading} className="px-2 font-medium">
        {t("activities:planned")}
      </h2>
      <TaskList tasks={planned.sort(byDue)} query={query} />
    </section>
  );
}
