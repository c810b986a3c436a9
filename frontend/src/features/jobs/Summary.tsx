import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isOpen, type Job } from "@/api/jobs";
import { useFormat } from "@/lib/format";
import { Progress } from "./Progress";
import { PARTS } from "./plan";
import { StatusBadge } from "./StatusBadge";
import { leftOutWords, titleOf } from "./words";

/** How far a job is, who began it, what it does, and what it does not. */
export function Summary({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const begun = t("jobs:begunBy", {
    name: job.created_by?.name ?? t("records:system"),
    when: instant(job.created_at),
  });
  return (
    <section aria-label={t("jobs:progress")} className="flex flex-col gap-3 px-4 pt-4 pb-5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span role="status">
          <StatusBadge status={job.status} />
        </span>
        <span className="tnum text-fg2">{begun}</span>
        {job.position !== null && (
          <span className="tnum text-fg2">{t("jobs:queue", { count: job.position })}</span>
        )}
      </p>
      <Progress job={job} label={titleOf(t, job)} />
      <Cancelled job={job} />
      {job.error && <Failure error={job.error} />}
      <Plan job={job} />
      <LeftOut job={job} />
    </section>
  );
}

function Cancelled({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  if (job.cancelled_at === null) return null;
  const name = job.cancelled_by?.name ?? t("records:system");
  return (
    <p className="text-fg2">
      {t("jobs:cancelledBy", { name, when: instant(job.cancelled_at) })}
      {isOpen(job) && ` · ${t("jobs:cancelling")}`}
    </p>
  );
}

function Failure({ error }: { error: NonNullable<Job["error"]> }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex gap-2 rounded-lg bg-danger-soft p-3 text-danger">
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-medium">{t("jobs:failedWhole")}</p>
        <p>{error.detail ?? error.title}</p>
      </div>
    </div>
  );
}

const COLLECTIONS = {
  customer: "customers",
  contact: "contacts",
  opportunity: "opportunities",
} as const;

/** What happens with each lead, as it was asked for. */
function Plan({ job: { kind, request } }: { job: Job }) {
  const { t } = useTranslation();
  if (kind !== "convert_leads") return null;
  const parts = PARTS.map((part) =>
    t("jobs:planOf", {
      kind: t(`records:one.${COLLECTIONS[part]}`),
      mode: t(`jobs:mode.${request[part]}`),
    }),
  );
  const reason = request.duplicate_reason ?? "";
  const more = [
    ...(request.fill === "lead_wins" ? [t("jobs:planFill")] : []),
    ...(request.on_duplicate === "force" ? [t("jobs:planForce", { reason })] : []),
  ];
  return (
    <ul aria-label={t("jobs:plan")} className="flex flex-wrap gap-x-4 gap-y-0.5 text-fg2">
      {[...parts, ...more].map((line) => (
        <li key={line} className="min-w-0 break-words">
          {line}
        </li>
      ))}
    </ul>
  );
}

function LeftOut({ job }: { job: Job }) {
  const { t } = useTranslation();
  const lines = leftOutWords(t, job.left_out);
  if (lines.length === 0) return null;
  return (
    <ul className="text-fg2">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
