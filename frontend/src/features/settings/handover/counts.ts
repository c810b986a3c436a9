import type { TFunction } from "i18next";
import { COUNTED, type Handover, type HandoverCounts } from "@/api/handover";
import { formatNumber } from "@/lib/format";

type Counted = (typeof COUNTED)[number] | "closed_opportunities";

/** `12 customers`. */
export function countWords(t: TFunction, kind: Counted, count: number): string {
  return t(`handover:count.${kind}`, { count, text: formatNumber(count) });
}

/** `12 customers, 5 opportunities`: what there is of it. */
export function countsWords(t: TFunction, counts: HandoverCounts): string {
  return COUNTED.filter((kind) => counts[kind] > 0)
    .map((kind) => countWords(t, kind, counts[kind]))
    .join(t("records:listSeparator"));
}

const PLURAL: Record<string, Counted> = {
  customer: "customers",
  contact: "contacts",
  lead: "leads",
  opportunity: "opportunities",
  task: "tasks",
  assignment_rule: "assignment_rules",
  report: "reports",
};

/** What an undo left where it was, and why, line by line. */
export function leftWords(t: TFunction, { left }: Handover): string[] {
  return left.flatMap(({ kind, reason, count }) => {
    const counted = PLURAL[kind];
    if (!counted) return [];
    return [t(`handover:left.${reason}`, { what: countWords(t, counted, count) })];
  });
}
