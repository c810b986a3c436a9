import type { TFunction } from "i18next";
import { type CascadeResult, COMPANIONS } from "@/api/handover";
import { formatNumber } from "@/lib/format";

/** What has gone along with a customer, and what stayed and why, in sentences; nothing when there was nothing. */
export function outcomeWords(t: TFunction, cascade: CascadeResult): string {
  const listed = (counts: Record<string, number>) =>
    COMPANIONS.flatMap((kind) => {
      const count = counts[kind] ?? 0;
      return count > 0 ? [t(`handover:count.${kind}`, { count, text: formatNumber(count) })] : [];
    }).join(t("records:listSeparator"));
  const followed = listed(
    Object.fromEntries(COMPANIONS.map((kind) => [kind, cascade[kind].followed])),
  );
  const left = listed(
    Object.fromEntries(
      COMPANIONS.map((kind) => [
        kind,
        cascade[kind].left.reduce((sum, { count }) => sum + count, 0),
      ]),
    ),
  );
  return [
    followed && t("handover:transfer.followed", { what: followed }),
    left && t("handover:transfer.stayed", { what: left }),
  ]
    .filter(Boolean)
    .join(" ");
}
