import { useTranslation } from "react-i18next";
import { type DryRun, TRIED_DAYS, tryRule } from "@/api/assignment";
import type { Problem } from "@/api/problem";
import { useFormat } from "@/lib/format";
import { SimpleTable } from "@/ui/SimpleTable";
import { refuseUnfinished } from "../conditions/condition";
import { Change, Difference, LeadLink, Trial } from "../Trial";
import { type RuleDraft, ruleInput } from "./draft";

interface TryOutProps {
  draft: RuleDraft;
  /** The rule that is changed; absent for a new one. */
  id: string | undefined;
  onProblem: (problem: Problem | null) => void;
}

/** Shows which leads a rule would have given, before it is saved. */
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
  async function run() {
    refuseUnfinished(draft.condition, t("settings:condition.unfinished"));
    return tryRule(rule);
  }
  return (
    <Trial
      values={draft}
      hint={t(draft.is_active ? "settings:tryOut.hint" : "settings:tryOut.hintOff")}
      runLabel={t("settings:tryOut.run", { count: TRIED_DAYS })}
      asked={JSON.stringify({ ...rule, name: "" })}
      run={run}
      onProblem={onProblem}
    >
      {(result) => <Result run={result} />}
    </Trial>
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
            cell: (lead) => <LeadLink lead={lead} />,
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
