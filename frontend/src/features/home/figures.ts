import type { Pipeline, Stage, Sum, SummaryRow } from "@/api/types";

/** The part of some sums that is in one currency, as a decimal string. */
export function inCurrency(sums: Sum[], currency: string): string {
  return sums.find((sum) => sum.currency === currency)?.amount ?? "0";
}

/** The length of a bar between 0 and 1; lengths may be rough where texts are exact. */
export function share(amount: string, largest: string): number {
  const whole = Number(largest);
  return whole > 0 ? Math.max(0, Math.min(1, Number(amount) / whole)) : 0;
}

/** The largest of some decimal strings. */
export function largestOf(amounts: string[]): string {
  return amounts.reduce((most, amount) => (Number(amount) > Number(most) ? amount : most), "0");
}

/** The change from one amount to another in per cent; null when there was nothing to compare with. */
export function changeInPercent(before: string, now: string): number | null {
  const base = Number(before);
  return base > 0 ? Math.round(((Number(now) - base) / base) * 100) : null;
}

/** A stage with what stands in it. */
export interface StageFigure {
  stage: Stage;
  count: number;
  sums: Sum[];
}

/** The open stages of a pipeline in their order with their counts and sums; empty ones too. */
export function stageFigures(pipeline: Pipeline, rows: SummaryRow[]): StageFigure[] {
  const byStage = new Map(rows.map((row) => [String(row.key.stage_id), row]));
  return pipeline.stages
    .filter((stage) => stage.category === "open")
    .map((stage) => {
      const row = byStage.get(stage.id);
      return { stage, count: row?.count ?? 0, sums: row?.sums ?? [] };
    });
}

/** The pipeline to look at: the default one, unless only another has anything in it. */
export function pipelineToShow(pipelines: Pipeline[], rows: SummaryRow[]): Pipeline | undefined {
  const used = (pipeline: Pipeline) =>
    stageFigures(pipeline, rows).some((figure) => figure.count > 0);
  const usual = pipelines.find((pipeline) => pipeline.is_default) ?? pipelines[0];
  return usual && used(usual) ? usual : (pipelines.find(used) ?? usual);
}

/** The part of the day for the greeting. */
export function partOfDay(hour: number): "night" | "morning" | "afternoon" | "evening" {
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}
