import { useQueries } from "@tanstack/react-query";
import { TrendingDown, TrendingUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { wonInMonthQuery } from "@/api/figures";
import { Read } from "@/features/records/Read";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { changeInPercent, inCurrency, largestOf, share } from "./figures";
import { Panel } from "./Panel";

const MONTHS = [-5, -4, -3, -2, -1, 0];

interface Month {
  offset: number;
  name: string;
  amount: string;
  count: number;
}

function monthName(offset: number, language: string): string {
  const now = new Date();
  const first = new Date(Date.UTC(now.getFullYear(), now.getMonth() + offset, 1));
  return new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" }).format(first);
}

/** What was won this month, against the last one and the four before. */
export function WonPanel({ currency }: { currency: string }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const queries = useQueries({ queries: MONTHS.map((offset) => wonInMonthQuery(offset)) });
  const current = queries.at(-1);
  if (!current) return null;
  const months = MONTHS.map((offset, index): Month => {
    const row = queries[index]?.data?.[0];
    const amount = inCurrency(row?.sums ?? [], currency);
    return { offset, name: monthName(offset, language), amount, count: row?.count ?? 0 };
  });
  return (
    <Panel
      title={t("home:won")}
      link={{ to: "/opportunities", search: { view: "won" }, label: t("home:all") }}
    >
      <Read query={current} lines={4}>
        {() => <Months months={months} currency={currency} />}
      </Read>
    </Panel>
  );
}

function Months({ months, currency }: { months: Month[]; currency: string }) {
  const { t } = useTranslation();
  const { money, moneyShort, number } = useFormat();
  const [last, now] = months.slice(-2);
  if (!last || !now) return null;
  const largest = largestOf(months.map((month) => month.amount));
  const text = (amount: string) => moneyShort({ amount, currency });
  return (
    <>
      <p className="flex items-baseline gap-2">
        <span className="tnum font-semibold text-xl">
          {money({ amount: now.amount, currency })}
        </span>
        <span className="text-fg2">
          {t("home:deals", { count: now.count, text: number(now.count) })}
        </span>
      </p>
      <Change before={last.amount} now={now.amount} />
      <ol aria-label={t("home:months")} className="mt-3 flex h-28 items-stretch gap-2">
        {months.map((month) => (
          <li key={month.offset} className="flex min-w-0 flex-1 flex-col items-center gap-1">
            <span aria-hidden="true" className="flex w-full flex-1 items-end rounded bg-bg">
              <span
                className={cn(
                  "w-full rounded",
                  month.offset === 0 ? "bg-accent" : "bg-line-strong",
                )}
                style={{
                  height: `${share(month.amount, largest) * 100}%`,
                  minHeight: month.count > 0 ? 3 : 0,
                }}
              />
            </span>
            <span className="truncate text-fg3 text-xs">{month.name}</span>
            <span className="sr-only">{text(month.amount)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Up or down against last month, in words and with an arrow. */
function Change({ before, now }: { before: string; now: string }) {
  const { t } = useTranslation();
  const { percent } = useFormat();
  const change = changeInPercent(before, now);
  if (change === null) return <p className="text-fg3 text-xs">{t("home:nothingLastMonth")}</p>;
  const Icon = change < 0 ? TrendingDown : TrendingUp;
  const text = t(change < 0 ? "home:less" : "home:more", { percent: percent(Math.abs(change)) });
  return (
    <p className={cn("flex items-center gap-1 text-xs", change < 0 ? "text-warn" : "text-ok")}>
      <Icon className="size-3.5" aria-hidden="true" />
      {text}
    </p>
  );
}
