import type { TFunction } from "i18next";
import type { Job, JobStatus } from "@/api/jobs";
import { formatNumber } from "@/lib/format";
import type { ColourName } from "@/ui/colours";

/** What a job does, in a few words. */
export function titleOf(t: TFunction, { kind, progress: { total } }: Job): string {
  if (kind !== "convert_leads") return t("jobs:unknown");
  return t("jobs:convert", { count: total, text: formatNumber(total) });
}

/** The colour in which each status is told. */
export const STATUS_COLOURS: Record<JobStatus, ColourName> = {
  queued: "gray",
  running: "blue",
  succeeded: "green",
  partially_succeeded: "amber",
  failed: "red",
  cancelled: "gray",
};

const REASONS = ["already_converted", "forbidden", "not_found"] as const;

/** Sentences about what was asked for and is not done. */
export function leftOutWords(t: TFunction, leftOut: Job["left_out"]): string[] {
  return REASONS.flatMap((reason) => {
    const count = leftOut[reason] ?? 0;
    return count > 0 ? [t(`jobs:leftOut.${reason}`, { count })] : [];
  });
}
