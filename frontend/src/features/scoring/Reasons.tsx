import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type LeadScore, leadScoreQuery, type Rating } from "@/api/scoring";
import type { Lead } from "@/api/types";
import { leads } from "@/features/records/descriptors/leads";
import { fieldOf, isEditable } from "@/features/records/model";
import { Read } from "@/features/records/Read";
import { toDate, useFormat } from "@/lib/format";
import { signed } from "@/lib/signed";
import { RateByHand } from "./RateByHand";

const rating = fieldOf(leads, "rating");

/** Whose word the rating is, the points that add up to the score, and which rules gave none. */
export function Reasons({ lead }: { lead: Lead }) {
  const query = useQuery({ ...leadScoreQuery(lead.id), staleTime: 0 });
  return (
    <Read query={query} lines={4}>
      {(score) => {
        const hasRules = score.reasons.length + score.not_matched.length > 0;
        return (
          <>
            <Outcome score={score} hasRules={hasRules} />
            <Points lead={lead} score={score} hasRules={hasRules} />
            <NotMatched rules={score.not_matched} />
            {isEditable(leads, lead, rating) && <RateByHand lead={lead} hasRules={hasRules} />}
          </>
        );
      }}
    </Read>
  );
}

interface ScoreProps {
  score: LeadScore;
  hasRules: boolean;
}

function ratingOf({ score, hot_from, warm_from }: LeadScore): Rating {
  if (score >= hot_from) return "hot";
  return score >= warm_from ? "warm" : "cold";
}

/** Whose word the rating is. */
function Outcome({ score, hasRules }: ScoreProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { rating: said, rating_by: by } = score;
  if (said === null) return <p className="text-fg2">{t("scoring:outcome.nobody")}</p>;
  const words = {
    rating: t(`records:rating.${said}`),
    other: t(`records:rating.${ratingOf(score)}`),
    hot: number(score.hot_from),
    warm: number(score.warm_from),
  };
  const whose = by === "rules" ? "rules" : hasRules ? "person" : "personAlone";
  return <p className="text-fg2">{t(`scoring:outcome.${whose}`, words)}</p>;
}

interface PointsProps extends ScoreProps {
  lead: Lead;
}

/** Each rule with its points, and below them their sum. */
function Points({ lead, score, hasRules }: PointsProps) {
  const { t } = useTranslation();
  const { number, instant } = useFormat();
  const { reasons, next_change_at } = score;
  if (reasons.length === 0) {
    const isFixed = lead.status_category === "converted";
    const said = isFixed ? "fixed" : hasRules ? "nothing" : "noRules";
    return (
      <p className="mt-2 border-line border-t pt-2 text-fg2">
        {t(`scoring:none.${said}`, { score: number(score.score) })}
      </p>
    );
  }
  return (
    <>
      <table
        aria-label={t("scoring:reasons")}
        className="mt-2 w-full border-line border-t text-left [&_td]:text-right [&_td]:align-top [&_th]:font-normal"
      >
        <tbody>
          {reasons.map((reason) => (
            <tr key={reason.rule.id}>
              <th scope="row" className="break-words py-1 pr-3">
                {reason.rule.name}
                <Lasting reason={reason} />
              </th>
              <td className="tnum py-1">{signed(reason.points, number)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot className="border-line border-t">
          <tr>
            <th scope="row" className="py-1 pr-3">
              {t("scoring:total")}
            </th>
            <td className="tnum py-1 font-medium">{number(score.score)}</td>
          </tr>
        </tfoot>
      </table>
      {next_change_at !== null && (
        <p className="text-fg3 text-xs">{t("scoring:next", { when: instant(next_change_at) })}</p>
      )}
    </>
  );
}

/** How often something was done, when lately, and when its points are halved next. */
function Lasting({ reason }: { reason: LeadScore["reasons"][number] }) {
  const { t } = useTranslation();
  const { number, relativeDay, date } = useFormat();
  const { times, latest_at, fades_at } = reason;
  if (latest_at === null) return null;
  const facts = [
    t("scoring:times", { count: times, text: number(times), when: relativeDay(latest_at) }),
    ...(fades_at === null ? [] : [t("scoring:fades", { when: date(toDate(fades_at)) })]),
  ];
  return <span className="block text-fg3 text-xs">{facts.join(" · ")}</span>;
}

/** The rules that are active and give this lead nothing. */
function NotMatched({ rules }: { rules: LeadScore["not_matched"] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (rules.length === 0) return null;
  return (
    <details className="mt-2 border-line border-t pt-2">
      <summary className="cursor-pointer rounded-md text-fg2 phone:py-3">
        {t("scoring:notMatched", { count: rules.length })}
      </summary>
      <ul className="mt-1 flex flex-col gap-1">
        {rules.map(({ rule, points_possible }) => (
          <li key={rule.id} className="flex gap-3">
            <span className="min-w-0 flex-1 break-words">{rule.name}</span>
            <span className="tnum text-fg3 text-xs">
              {t("scoring:possible", { points: signed(points_possible, number) })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
