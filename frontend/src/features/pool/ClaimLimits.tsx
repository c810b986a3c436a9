import { useQuery } from "@tanstack/react-query";
import { Waves } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type MyPool, myPoolsQuery } from "@/api/pools";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { limitsOf } from "./limits";

/** Above the customers that nobody owns: from which pools the user may claim, and how many more. */
export function ClaimLimits() {
  const { t } = useTranslation();
  const pools = useQuery({ ...myPoolsQuery(), staleTime: 0 }).data ?? [];
  if (pools.length === 0) return null;
  return (
    <ul
      aria-label={t("pool:limit.label")}
      className="flex shrink-0 flex-col gap-y-1 border-line border-b bg-bg px-4 py-2 text-xs"
    >
      {pools.map((pool) => (
        <PoolLine key={pool.id} pool={pool} />
      ))}
    </ul>
  );
}

function PoolLine({ pool }: { pool: MyPool }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <Waves aria-hidden="true" className="size-3.5 shrink-0 text-fg3" />
      <span className="font-medium">{pool.name}</span>
      <span className="tnum text-fg2">
        {t("pool:limit.customers", { count: pool.customers, text: number(pool.customers) })}
      </span>
      {limitsOf(pool, t).map(({ id, text, isReached }) => (
        <span key={id} className={cn("tnum text-fg2", isReached && "font-medium text-warn")}>
          · {text}
        </span>
      ))}
    </li>
  );
}
