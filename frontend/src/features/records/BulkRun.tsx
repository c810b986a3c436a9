import { Link } from "@tanstack/react-router";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { type BulkOutcome, type Refusal, retryJob, undoJob, verbOf } from "./bulk";
import { closeRun, currentRun, onRun, type BulkRun as Run } from "./bulk-run";
import { useBulk } from "./use-bulk";
import { toastProblem } from "./use-delete";

/** The run over many records: how far it is, then what was refused; stands at the root. */
export function BulkRun() {
  const run = useSyncExternalStore(onRun, currentRun);
  if (!run) return null;
  return run.outcome ? <Result run={run} outcome={run.outcome} /> : <Progress run={run} />;
}

/** Leaving the page would leave the rest undone. */
function useLeaveWarning() {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
}

function Progress({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  useLeaveWarning();
  const { progress, total, isStopping } = run;
  const percent = total ? Math.min(100, Math.round((100 * progress.done) / total)) : undefined;
  const label = isStopping ? t("bulk:stopping") : t(`bulk:stage.${progress.stage}`);
  return (
    <section
      aria-label={t("bulk:running")}
      className="fixed bottom-6 left-1/2 z-40 flex w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 items-center gap-3 rounded-lg bg-raised py-2 pr-2 pl-4 shadow-float phone:bottom-20"
    >
      <div className="min-w-0 flex-1">
        <p className="tnum flex justify-between gap-2 text-xs">
          <span className="truncate">{label}</span>
          <span className="whitespace-nowrap text-fg2">
            {total === undefined
              ? number(progress.done)
              : t("bulk:of", { done: number(progress.done), total: number(total) })}
          </span>
        </p>
        <div
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          {...(percent !== undefined && { "aria-valuenow": percent })}
          className="mt-1.5 h-1 overflow-hidden rounded-full bg-line"
        >
          <div className="h-full rounded-full bg-accent" style={{ width: `${percent ?? 0}%` }} />
        </div>
      </div>
      <Button size="sm" disabled={isStopping} onClick={run.stop}>
        {t("bulk:stop")}
      </Button>
    </section>
  );
}

function Result({ run, outcome }: { run: Run; outcome: BulkOutcome }) {
  const { t } = useTranslation();
  const start = useBulk();
  const [isBusy, setBusy] = useState(false);
  const { changed, refused, skipped } = outcome;
  const back = changed.length > 0 ? undoJob(run.job, changed) : null;

  function takeBack() {
    closeRun();
    if (back) void start(back, changed.length, true);
  }

  async function retry() {
    setBusy(true);
    try {
      const job = await retryJob(run.job, outcome);
      closeRun();
      void start(job, refused.length);
    } catch (error) {
      setBusy(false);
      toastProblem(asProblem(error));
    }
  }

  return (
    <Dialog
      open
      onOpenChange={closeRun}
      title={t("bulk:result")}
      footer={
        <>
          {back && (
            <Button className="mr-auto" onClick={takeBack}>
              {t("bulk:undoChanged", { count: changed.length })}
            </Button>
          )}
          <Button onClick={closeRun}>{t("common:close")}</Button>
          {refused.length > 0 && (
            <Button variant="primary" busy={isBusy} onClick={() => void retry()}>
              {t("bulk:retry")}
            </Button>
          )}
        </>
      }
    >
      <Counts outcome={outcome} verb={verbOf(run.job.change)} />
      {skipped > 0 && <p className="mt-1 text-fg2">{t("bulk:stoppedHint")}</p>}
      <Reasons run={run} refused={refused} />
    </Dialog>
  );
}

interface CountsProps {
  outcome: BulkOutcome;
  verb: ReturnType<typeof verbOf>;
}

function Counts({ outcome, verb }: CountsProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const counts = [
    { key: verb, label: t(`bulk:done.${verb}`), value: outcome.changed.length },
    { key: "refused", label: t("bulk:done.refused"), value: outcome.refused.length },
    { key: "skipped", label: t("bulk:done.skipped"), value: outcome.skipped },
  ];
  return (
    <dl className="flex gap-8">
      {counts.map(({ key, label, value }) => (
        <div key={key} className="flex flex-col-reverse">
          <dt className="text-fg2 text-xs">{label}</dt>
          <dd className="tnum font-semibold text-xl">{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const NAMED = 20;

/** The refused records by the reason given, the most frequent first. */
function byReason(refused: Refusal[]) {
  const groups = new Map<string, Refusal[]>();
  for (const refusal of refused) {
    const group = groups.get(refusal.reason);
    if (group) group.push(refusal);
    else groups.set(refusal.reason, [refusal]);
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

function Reasons({ run, refused }: { run: Run; refused: Refusal[] }) {
  const { t } = useTranslation();
  return byReason(refused).map(([reason, group]) => (
    <section key={reason} className="mt-4" aria-label={reason}>
      <h3 className="font-medium text-danger">
        {reason} · {t("bulk:refused", { count: group.length })}
      </h3>
      <ul className="mt-1 flex flex-wrap gap-x-3 gap-y-1">
        {group.slice(0, NAMED).map(({ target }) => (
          <li key={target.id} className="min-w-0 max-w-full">
            <Link
              to={`/${run.job.type}/${target.id}` as string}
              onClick={closeRun}
              className="block truncate underline decoration-line-strong underline-offset-2 hover:text-accent-strong"
            >
              {target.name}
            </Link>
          </li>
        ))}
        {group.length > NAMED && (
          <li className="text-fg3">{t("bulk:more", { count: group.length - NAMED })}</li>
        )}
      </ul>
    </section>
  ));
}
