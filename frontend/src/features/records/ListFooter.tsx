import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/format";
import type { Descriptor } from "./model";
import { type ListState, useSums } from "./use-list";

interface ListFooterProps {
  descriptor: Descriptor;
  state: ListState;
  total: number | undefined;
  isExact: boolean;
}

/** How many records there are and what they add up to, as the server counted. */
export function ListFooter({ descriptor, state, total, isExact }: ListFooterProps) {
  const { t } = useTranslation();
  const { number, money } = useFormat();
  const sums = useSums(descriptor, state);
  return (
    <footer className="tnum flex h-9 shrink-0 items-center gap-4 border-line border-t px-4 text-fg2 text-xs phone:hidden">
      {total !== undefined && (
        <span>
          {t("records:count", { count: total, text: `${number(total)}${isExact ? "" : "+"}` })}
        </span>
      )}
      {sums.map((sum) => (
        <span key={sum.currency}>
          {t("records:sum", { money: money({ amount: sum.amount, currency: sum.currency ?? "" }) })}
        </span>
      ))}
    </footer>
  );
}
