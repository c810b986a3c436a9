import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type Job, jobsQuery } from "@/api/jobs";
import { isGranted, meQuery } from "@/api/me";
import { useFormat } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { PageHeader } from "@/ui/PageHeader";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Pages } from "./Pages";
import { Progress } from "./Progress";
import { StatusBadge } from "./StatusBadge";
import { titleOf } from "./words";

/** Whose jobs are shown. */
export type Whose = "mine" | "all";

interface JobsPageProps {
  whose: Whose;
  onWhose: (whose: Whose) => void;
}

/** What goes on behind the pages: one's own, or, for who manages users, everybody's. */
export function JobsPage({ whose, onWhose }: JobsPageProps) {
  const { t } = useTranslation();
  const me = useQuery(meQuery()).data;
  if (!me) return null;
  const maySeeAll = isGranted(me.permissions, "user", "configure");
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t("jobs:title")}
        actions={
          maySeeAll && (
            <SegmentedControl
              label={t("jobs:whose")}
              value={whose}
              onChange={onWhose}
              options={(["mine", "all"] as const).map((value) => ({
                value,
                label: t(`jobs:whoseJobs.${value}`),
              }))}
            />
          )
        }
      />
      <div className="relative min-h-0 flex-1 overflow-y-auto bg-panel">
        <div className="mx-auto max-w-4xl pb-8">
          <Jobs isEverybody={maySeeAll && whose === "all"} />
        </div>
      </div>
    </div>
  );
}

function Jobs({ isEverybody }: { isEverybody: boolean }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(jobsQuery(isEverybody));
  const empty = (
    <EmptyState icon={<ListChecks />} title={t("jobs:empty")}>
      {t("jobs:emptyHint")}
    </EmptyState>
  );
  return (
    <Pages query={query} loading={t("jobs:loading")} empty={empty} more={t("jobs:older")}>
      {(jobs) => (
        <ul aria-label={t("jobs:title")}>
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} hasName={isEverybody} />
          ))}
        </ul>
      )}
    </Pages>
  );
}

function JobLine({ job, hasName }: { job: Job; hasName: boolean }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const title = titleOf(t, job);
  const { failed } = job.counts;
  const about = [
    hasName && job.created_by?.name,
    instant(job.created_at),
    failed > 0 && t("jobs:failedOf", { count: failed }),
  ].filter(Boolean);
  return (
    <li className="relative flex min-h-14 items-center gap-4 border-line border-b px-4 py-2 hover:bg-hover phone:flex-wrap phone:gap-x-3 phone:gap-y-1">
      <div className="min-w-0 flex-1">
        <Link
          to={`/jobs/${job.id}` as string}
          className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        >
          {title}
        </Link>
        <p className="tnum truncate text-fg2 text-xs">{about.join(" · ")}</p>
      </div>
      <Progress job={job} label={title} className="w-56 phone:order-last phone:w-full" />
      <span className="flex w-28 justify-end phone:w-auto">
        <StatusBadge status={job.status} />
      </span>
    </li>
  );
}
