import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type DryRun, TRIED_DAYS, tryRule } from "@/api/assignment";
import { asProblem, type Problem } from "@/api/problem";
import { useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { SimpleTable } from "@/ui/SimpleTable";
import { type RuleDraft, refuseUnfinished, ruleInput } from "./draft";

interface TryOutProps {
  draft: RuleDraft;
  /** The rule that is changed; absent for a new one. */
  id: string | undefined;
  /** Told what the trial refuses, and null once it is tried again. */
  onProblem: (problem: Problem | null) => void;
}

/** Whether every complaint stands at a field, so that none need be said here. */
function standsAtFields({ errors }: Problem, draft: RuleDraft): boolean {
  const fields = errors.map(({ pointer }) => pointer?.replace(/^\/rule/, "").split("/")[1] ?? "");
  return fields.length > 0 && fields.every((name) => name in draft);
}

/** Shows what a rule would have changed, before it is saved. */
export function TryOut({ draft, id, onProblem }: TryOutProps) {
  const { t } = useTranslation();
  // A rule that is off would change nothing, and this is to say what it would do once it is on.
  const input = ruleInput(draft);
  const rule = {
    ...input,
    name: input.name || t("settings:rules.add"),
    is_active: true,
    ...(id !== undefined && { id }),
  };
  const asked = JSON.stringify({ ...rule, name: "" });
  const trial = useMutation({
    mutationFn: async () => {
      refuseUnfinished(draft, t("settings:condition.unfinished"));
      return { asked, result: await tryRule(rule) };
    },
    onMutate: () => onProblem(null),
    onError: (error) => onProblem(asProblem(error)),
  });
  const problem = trial.error && asProblem(trial.error);
  return (
    <section
      aria-label={t("settings:tryOut.title")}
      className="col-span-full border-line border-t pt-4"
    >
      <div className="flex items-center gap-3 phone:flex-col phone:items-stretch">
        <p className="min-w-0 flex-1 text-fg2">
          {t(draft.is_active ? "settings:tryOut.hint" : "settings:tryOut.hintOff")}
        </p>
        <Button
          busy={trial.isPending}
          icon={<FlaskConical className="size-4" />}
          onClick={() => trial.mutate()}
        >
          {t("settings:tryOut.run", { count: TRIED_DAYS })}
        </Button>
      </div>
      <div aria-live="polite">
        {problem && !standsAtFields(problem, draft) && (
          <p className="mt-3 text-danger">
            {problem.errors[0]?.detail ?? problem.detail ?? problem.title}
          </p>
        )}
        {trial.data && trial.data.asked !== asked && (
          <p className="mt-3 text-fg2">{t("settings:tryOut.stale")}</p>
        )}
        {trial.data && trial.data.asked === asked && <Result run={trial.data.result} />}
      </div>
    </section>
  );
}

function Result({ run }: { run: DryRun }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const none = t("settings:tryOut.noRule");
  return (
    <>
      <p className="mt-3">
        {t("settings:tryOut.matched", {
          count: run.matched,
          text: number(run.matched),
          all: number(run.examined),
        })}
      </p>
      <p>{t("settings:tryOut.moved", { count: run.moved, text: number(run.moved) })}</p>
      {run.matched === 0 && run.examined > 0 && (
        <p className="text-fg2">{t("settings:tryOut.nothing")}</p>
      )}
      {run.is_truncated && (
        <p className="text-fg3 text-xs">
          {t("settings:tryOut.truncated", { text: number(run.examined) })}
        </p>
      )}
      {run.by_rule.length > 0 && (
        <div className="mt-3">
          <SimpleTable
            label={t("settings:tryOut.byRule")}
            // A new rule has no id yet, and no rule at all not even a name.
            rows={run.by_rule.map((row) => ({ ...row, id: row.rule_id ?? row.rule_name ?? "" }))}
            columns={[
              {
                id: "rule",
                header: t("settings:tryOut.rule"),
                cell: (row) => row.rule_name ?? none,
              },
              {
                id: "change",
                header: t("settings:tryOut.change"),
                className: "w-40 text-right phone:w-auto phone:text-left",
                cell: (row) => <Change from={number(row.before)} to={number(row.after)} />,
              },
              {
                id: "difference",
                header: t("settings:tryOut.difference"),
                className: "w-24 text-right phone:w-auto phone:text-left",
                cell: (row) => <Difference by={row.after - row.before} />,
              },
            ]}
          />
        </div>
      )}
      {run.samples.length > 0 && <Samples samples={run.samples} none={none} />}
    </>
  );
}

function Change({ from, to }: { from: string; to: string }) {
  const { t } = useTranslation();
  return (
    <span className="tnum">
      {from} <span aria-hidden="true">→</span>
      <span className="sr-only">{t("records:becomes")}</span> {to}
    </span>
  );
}

function Difference({ by }: { by: number }) {
  const { number } = useFormat();
  if (by === 0) return <span className="text-fg3">0</span>;
  return (
    <span className="tnum font-medium text-fg">
      {by > 0 ? "+" : "−"}
      {number(Math.abs(by))}
    </span>
  );
}

function Samples({ samples, none }: { samples: DryRun["samples"]; none: string }) {
  const { t } = useTranslation();
  const { relativeDay, instant } = useFormat();
  return (
    <div className="mt-4 max-h-80 overflow-y-auto">
      <SimpleTable
        label={t("settings:tryOut.samples")}
        rows={samples}
        columns={[
          {
            id: "lead",
            header: t("settings:tryOut.lead"),
            cell: (lead) => (
              <Link
                to={`/leads/${lead.id}` as string}
                // The form would be lost.
                target="_blank"
                className="underline decoration-line-strong underline-offset-2 hover:text-accent-strong"
              >
                {lead.name}
              </Link>
            ),
          },
          {
            id: "created",
            header: t("records:field.created_at"),
            isMinor: true,
            cell: (lead) => (
              <time dateTime={lead.created_at} title={instant(lead.created_at)}>
                {relativeDay(lead.created_at)}
              </time>
            ),
          },
          {
            id: "owner",
            header: t("records:field.owner_id"),
            isMinor: true,
            cell: (lead) => lead.owner?.name ?? "–",
          },
          {
            id: "change",
            header: t("settings:tryOut.change"),
            cell: (lead) => <Change from={lead.before ?? none} to={lead.after ?? none} />,
          },
        ]}
      />
    </div>
  );
}
