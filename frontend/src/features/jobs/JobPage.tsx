import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "@/api/jobs";
import { asProblem } from "@/api/problem";
import { Breadcrumb } from "@/ui/Breadcrumb";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { Items } from "./Items";
import { Summary } from "./Summary";
import { useCancel, useJob } from "./use-job";
import { titleOf } from "./words";

interface JobPageProps {
  id: string;
  /** Converts by hand a lead that could not be converted so. */
  renderConvert: (lead: string, onClose: () => void) => ReactNode;
}

/** One job: how far it is, and what became of each of its items. */
export function JobPage({ id, renderConvert }: JobPageProps) {
  const { t } = useTranslation();
  const { query, job } = useJob(id);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={job ? titleOf(t, job) : t("jobs:unknown")}
        before={
          <Breadcrumb
            parts={[{ id: "jobs", link: <Link to={"/jobs" as string}>{t("jobs:back")}</Link> }]}
          />
        }
        actions={job?.can_cancel && <Cancel job={job} />}
      />
      <div className="relative min-h-0 flex-1 overflow-y-auto bg-panel">
        <div className="mx-auto max-w-4xl pb-8">
          {job ? (
            <>
              <Summary job={job} />
              <Items job={job} renderConvert={renderConvert} />
            </>
          ) : (
            <Missing error={query.error} onRetry={() => void query.refetch()} />
          )}
        </div>
      </div>
    </div>
  );
}

function Missing({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const { t } = useTranslation();
  if (!error) return <SkeletonRows label={t("jobs:loading")} />;
  return <ErrorState problem={asProblem(error)} onRetry={onRetry} />;
}

function Cancel({ job }: { job: Job }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const cancel = useCancel(job, () => setAsked(false));
  return (
    <>
      <Button variant="danger" onClick={() => setAsked(true)}>
        {t("jobs:cancel")}
      </Button>
      <ConfirmDialog
        open={isAsked}
        onOpenChange={() => setAsked(false)}
        title={t("jobs:cancelTitle")}
        confirmLabel={t("jobs:cancel")}
        cancelLabel={t("jobs:keepGoing")}
        danger
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
      >
        {t("jobs:cancelHint")}
      </ConfirmDialog>
    </>
  );
}
