import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { pipelinesQuery } from "@/api/configuration";
import { openByStageQuery } from "@/api/figures";
import type { Pipeline, SummaryRow } from "@/api/types";
import { Read } from "@/features/records/Read";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { colourVars } from "@/ui/colours";
import {
  inCurrency,
  largestOf,
  pipelineToShow,
  type StageFigure,
  share,
  stageFigures,
} from "./figures";
import { Panel } from "./Panel";

/** What is open, stage by stage; every bar leads to its opportunities. */
export function PipelinePanel({ currency }: { currency: string }) {
  const { t } = useTranslation();
  const pipelines = useQuery(pipelinesQuery());
  const rows = useQuery(openByStageQuery());
  return (
    <Panel
      title={t("home:pipeline")}
      link={{ to: "/opportunities/board", label: t("home:toBoard") }}
    >
      <Read query={rows} lines={5}>
        {(read) => <Bars rows={read} pipelines={pipelines.data ?? []} currency={currency} />}
      </Read>
    </Panel>
  );
}

interface BarsProps {
  rows: SummaryRow[];
  pipelines: Pipeline[];
  currency: string;
}

function Bars({ rows, pipelines, currency }: BarsProps) {
  const { t } = useTranslation();
  const pipeline = pipelineToShow(pipelines, rows);
  const figures = pipeline ? stageFigures(pipeline, rows) : [];
  const amounts = figures.map((figure) => inCurrency(figure.sums, currency));
  const largest = largestOf(amounts);
  if (figures.length === 0) return <p className="text-fg3">{t("home:noPipeline")}</p>;
  return (
    <ul className="flex flex-col">
      {figures.map((figure, index) => (
        <Bar key={figure.stage.id} figure={figure} length={share(amounts[index] ?? "0", largest)} />
      ))}
    </ul>
  );
}

function Bar({ figure, length }: { figure: StageFigure; length: number }) {
  const { t } = useTranslation();
  const { language, number, moneyShort } = useFormat();
  const { stage, count, sums } = figure;
  const money = sums
    .filter((sum) => sum.currency !== null)
    .map((sum) => moneyShort({ amount: sum.amount, currency: sum.currency ?? "" }))
    .join(" + ");
  return (
    <li>
      <Link
        to="/opportunities"
        search={{ stage_id: stage.id } as never}
        className="-mx-2 grid h-10 grid-cols-[7.5rem_2rem_1fr_10rem] items-center gap-3 rounded-md px-2 hover:bg-hover phone:h-16 phone:grid-cols-[auto_1fr_auto] phone:content-center phone:gap-x-2 phone:gap-y-1.5"
      >
        <span className="flex min-w-0 items-center gap-2">
          <Dot colour={stage.color} />
          <span className="truncate">{localName(stage, language)}</span>
        </span>
        <span className="tnum text-right text-fg2 phone:text-left">
          {number(count)}
          <span className="sr-only">{t("home:opportunities", { count })}</span>
        </span>
        <span
          aria-hidden="true"
          className="h-5 rounded bg-bg phone:order-1 phone:col-span-3 phone:h-2.5"
        >
          <span
            className="block h-full rounded transition-[width] duration-150"
            style={{
              width: `${length * 100}%`,
              minWidth: count > 0 ? 3 : 0,
              background: colourVars(stage.color).dot,
              opacity: 0.8,
            }}
          />
        </span>
        <span className="tnum truncate text-right font-medium">{money || "–"}</span>
      </Link>
    </li>
  );
}
