import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { firstRecordsQuery } from "@/api/figures";
import type { AnyRecord, RecordType } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { TaskSection } from "./TaskSection";

const SHOWN = 50;

/** Open opportunities and leads being worked on of which nobody has said what is next. */
export function useStepless(filters: { opportunities: string; leads: string }) {
  const shown = { sort: "-updated_at", limit: SHOWN };
  const opportunities = useQuery(
    firstRecordsQuery("opportunities", { ...shown, filter: filters.opportunities }),
  );
  const leads = useQuery(firstRecordsQuery("leads", { ...shown, filter: filters.leads }));
  return {
    isPending: opportunities.isPending || leads.isPending,
    lists: [
      { type: "opportunities" as const, page: opportunities.data },
      { type: "leads" as const, page: leads.data },
    ],
  };
}

/** Those of them that were found, each a way to its page, where the next step is planned. */
export function Stepless({ lists }: Pick<ReturnType<typeof useStepless>, "lists">) {
  const { t } = useTranslation();
  const total = lists.reduce((sum, { page }) => sum + (page?.meta?.total ?? 0), 0);
  const rows = lists.flatMap(({ type, page }) =>
    (page?.data ?? []).map((record) => ({ type, record })),
  );
  if (rows.length === 0) return null;
  return (
    <TaskSection title={t("activities:section.stepless")} count={total} tone="text-warn">
      {rows.map(({ type, record }) => (
        <SteplessRow key={record.id} type={type} record={record} />
      ))}
    </TaskSection>
  );
}

function SteplessRow({ type, record }: { type: RecordType; record: AnyRecord }) {
  const { t } = useTranslation();
  const { relativeDay } = useFormat();
  const { avatarKind, subtitle } = descriptors[type];
  const last = record.last_activity_at;
  return (
    <li>
      <Link
        to={`/${type}/${record.id}` as string}
        data-task-row=""
        className="flex min-h-11 items-center gap-3 rounded-md px-2 py-1 hover:bg-hover phone:min-h-14"
      >
        <Avatar name={record.name} kind={avatarKind} />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate">{record.name}</span>
          <span className="truncate text-fg3 text-xs">
            {[t(`records:one.${type}`), subtitle(record)].filter(Boolean).join(" · ")}
          </span>
        </span>
        {last !== null && (
          <span className="shrink-0 text-fg3 text-xs">
            {t("records:lastActivity", { when: relativeDay(last) })}
          </span>
        )}
      </Link>
    </li>
  );
}
