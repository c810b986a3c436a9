import { useInfiniteQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { plannedQuery } from "@/api/activities";
import type { OpenTasks } from "@/api/conversion";
import type { Lead } from "@/api/types";
import { SegmentedControl } from "@/ui/SegmentedControl";

const CHOICES: OpenTasks[] = ["move", "keep", "close"];

interface PlannedOfLeadProps {
  lead: Lead;
  value: OpenTasks;
  onChange: (value: OpenTasks) => void;
}

/** Asks what becomes of what is planned about the lead; absent where nothing is. */
export function PlannedOfLead({ lead, value, onChange }: PlannedOfLeadProps) {
  const { t } = useTranslation();
  const id = useId();
  const query = useInfiniteQuery(plannedQuery("lead", lead.id));
  const planned = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (planned.length === 0) return null;
  const names = planned.map(({ name }) => name).join(t("records:listSeparator"));
  return (
    <section
      aria-labelledby={id}
      className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line p-3.5"
    >
      <div className="min-w-0 flex-1 basis-64">
        <h3 id={id} className="font-medium">
          {t("conversion:planned", { count: planned.length })}
        </h3>
        <p className="truncate text-fg3 text-xs">{names}</p>
      </div>
      <SegmentedControl
        label={t("conversion:plannedWhere")}
        value={value}
        onChange={onChange}
        className="phone:w-full"
        options={CHOICES.map((choice) => ({
          value: choice,
          label: t(`conversion:openTasks.${choice}`),
        }))}
      />
    </section>
  );
}
