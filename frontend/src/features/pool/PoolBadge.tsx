import { Hourglass, Lock, Waves } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/api/types";
import { toDate, useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { daysLeft, isLocked } from "./reading";

/** Beside the name of a customer: the pool it lies in, that it goes back there soon, or that it is kept. */
export function PoolBadge({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { pool, release_at, release_soon, locked_until } = customer;
  if (pool) {
    return (
      <Badge colour="teal">
        <Waves aria-hidden="true" className="size-3" />
        <span className="max-w-40 truncate">{t("pool:badge.inPool", { name: pool.name })}</span>
      </Badge>
    );
  }
  if (release_at !== null && release_soon) {
    return (
      <Badge colour="amber">
        <Hourglass aria-hidden="true" className="size-3" />
        {t("pool:badge.soon", { count: daysLeft(release_at) })}
      </Badge>
    );
  }
  if (locked_until === null || !isLocked(customer)) return null;
  return (
    <Badge>
      <Lock aria-hidden="true" className="size-3" />
      {t("pool:badge.locked", { date: date(toDate(locked_until)) })}
    </Badge>
  );
}
