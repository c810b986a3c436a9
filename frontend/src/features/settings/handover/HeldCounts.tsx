import { useTranslation } from "react-i18next";
import { COUNTED, type Holdings } from "@/api/handover";
import { useFormat } from "@/lib/format";

/** How much somebody has, in numbers. */
export function HeldCounts({ holdings }: { holdings: Holdings }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const counts = [...COUNTED, "closed_opportunities" as const]
    .map((kind) => ({ kind, count: holdings[kind] }))
    .filter(({ count }) => count > 0);
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2">
      {counts.map(({ kind, count }) => (
        <div key={kind} className="flex flex-col-reverse">
          <dt className="text-fg2 text-xs">{t(`handover:kind.${kind}`)}</dt>
          <dd className="tnum font-semibold text-lg">{number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
