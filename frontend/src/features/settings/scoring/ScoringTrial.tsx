import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/problem";
import { type Rating, type ScoringDryRun, tryScoringRule } from "@/api/scoring";
import { leads } from "@/features/records/descriptors/leads";
import { FieldValue } from "@/features/records/FieldValue";
import { fieldOf } from "@/features/records/model";
import { useFormat } from "@/lib/format";
import { SimpleTable } from "@/ui/SimpleTable";
import { Change, Difference, LeadLink, Trial } from "../Trial";
import { refuseUntold, type ScoringDraft, scoringInput } from "./draft";

interface ScoringTrialProps {
  draft: ScoringDraft;
  /** The rule that is changed; absent for a new one. */
  id: string | undefined;
  onProblem: (problem: Problem | null) => void;
}

/** Shows how the newest leads would be scored and rated, before a rule is saved. */
export function ScoringTrial({ draft, id, onProblem }: ScoringTrialProps) {
  const { t } = useTranslation();
  // A rule that is off would change nothing, and this is to say what it would do once it is on.
  const input = scoringInput(draft);
  const rule = {
    ...input,
    name: input.name || t("scoring:add"),
    is_active: true,
    ...(id !== undefined && { id }),
  };
  async function run() {
    refuseUntold(draft, t);
    return tryScoringRule(rule);
  }
  return (
    <Trial
      values={draft}
      hint={t(draft.is_active ? "scoring:trial.hint" : "scoring:trial.hintOff")}
      runLabel={t("scoring:trial.run")}
      asked={JSON.stringify({ ...rule, name: "" })}
      run={run}
      onProblem={onProblem}
    >
      {(result) => <Result run={result} />}
    </Trial>
  );
}

function RatingName({ rating }: { rating: Rating | null }) {
  return <FieldValue field={fieldOf(leads, "rating")} value={rating} isCompact />;
}

function Result({ run }: { run: ScoringDryRun }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <>
      <p className="mt-3">
        {t("settings:tryOut.matched", {
          count: run.matched,
          text: number(run.matched),
          all: number(run.examined),
        })}
      </p>
      {run.is_truncated && (
        <p className="text-fg3 text-xs">
          {t("settings:tryOut.truncated", { text: number(run.examined) })}
        </p>
      )}
      <div className="mt-3">
        <SimpleTable
          label={t("scoring:trial.ratings")}
          rows={run.ratings.map((row) => ({ ...row, id: row.rating }))}
          columns={[
            {
              id: "rating",
              header: t("records:field.rating"),
              cell: (row) => <RatingName rating={row.rating} />,
            },
            {
              id: "change",
              header: t("scoring:trial.change"),
              className: "w-40 text-right phone:w-auto phone:text-left",
              cell: (row) => <Change from={number(row.now)} to={number(row.then)} />,
            },
            {
              id: "difference",
              header: t("settings:tryOut.difference"),
              className: "w-24 text-right phone:w-auto phone:text-left",
              cell: (row) => <Difference by={row.then - row.now} />,
            },
          ]}
        />
      </div>
      {run.samples.length > 0 ? (
        <Samples samples={run.samples} />
      ) : (
        <p className="mt-3 text-fg2">{t("scoring:trial.unchanged")}</p>
      )}
    </>
  );
}

function Samples({ samples }: { samples: ScoringDryRun["samples"] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <div className="mt-4 max-h-80 overflow-y-auto">
      <SimpleTable
        label={t("scoring:trial.samples")}
        rows={samples.map((sample) => ({ ...sample, id: sample.lead.id }))}
        columns={[
          {
            id: "lead",
            header: t("settings:tryOut.lead"),
            cell: ({ lead }) => <LeadLink lead={lead} />,
          },
          {
            id: "score",
            header: t("records:field.score"),
            className: "w-32 text-right phone:w-auto phone:text-left",
            cell: (row) => <Change from={number(row.score_now)} to={number(row.score_then)} />,
          },
          {
            id: "rating",
            header: t("records:field.rating"),
            className: "w-48 pl-6 phone:w-auto phone:pl-0",
            cell: ({ rating_now: from, rating_then: to }) =>
              from === to ? (
                <RatingName rating={to} />
              ) : (
                <Change from={<RatingName rating={from} />} to={<RatingName rating={to} />} />
              ),
          },
        ]}
      />
    </div>
  );
}
