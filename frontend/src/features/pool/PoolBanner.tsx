import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Hourglass, Waves } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { myPoolsQuery } from "@/api/pools";
import type { Customer } from "@/api/types";
import { cn } from "@/lib/cn";
import { toDate, useFormat } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";
import { Button } from "@/ui/Button";
import { claimCustomer } from "./claim";
import { limitsOf } from "./limits";

const PoolDialog = lazyNamed(() => import("./PoolDialog").then((module) => module.PoolDialog));

/** Below the header of a customer: that nobody owns it and who may change that, or that its owner loses it soon. */
export function PoolBanner({ customer }: { customer: Customer }) {
  if (customer.pool) return <InPool customer={customer} pool={customer.pool} />;
  const { release_at, release_soon } = customer;
  if (release_at === null || !release_soon) return null;
  return <Soon customer={customer} releaseAt={release_at} />;
}

interface StripProps {
  icon: ReactNode;
  label: string;
  className: string;
  children: ReactNode;
}

function Strip({ icon, label, className, children }: StripProps) {
  return (
    <section
      aria-label={label}
      className={cn(
        "flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2",
        className,
      )}
    >
      {icon}
      {children}
    </section>
  );
}

interface InPoolProps {
  customer: Customer;
  pool: { id: string; name: string };
}

function InPool({ customer, pool }: InPoolProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isAllotting, setAllotting] = useState(false);
  const claim = useMutation({ mutationFn: () => claimCustomer(client, customer, t) });
  const { can } = customer;
  return (
    <Strip
      label={t("pool:banner.pool")}
      icon={<Waves aria-hidden="true" className="size-4 shrink-0 text-fg3" />}
      className="bg-bg"
    >
      <div className="min-w-48 flex-1">
        <p className="break-words">{t("pool:banner.nobody", { pool: pool.name })}</p>
        <Story customer={customer} />
      </div>
      <div className="flex shrink-0 items-center justify-end gap-3 phone:w-full">
        {can.claim && <Left pool={pool.id} />}
        {can.allot && <Button onClick={() => setAllotting(true)}>{t("records:pool.allot")}</Button>}
        {can.claim && (
          <Button variant="primary" busy={claim.isPending} onClick={() => claim.mutate()}>
            {t("records:pool.claim")}
          </Button>
        )}
      </div>
      {isAllotting && (
        <Suspense fallback={null}>
          <PoolDialog asked={{ question: "allot", customer }} onClose={() => setAllotting(false)} />
        </Suspense>
      )}
    </Strip>
  );
}

/** Since when it has lain there, whose it was, and why it is no longer. */
function Story({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { relativeDay } = useFormat();
  const { pooled_at, previous_owner, pool_rule, pool_reason } = customer;
  const why = pool_rule ? t(`records:releaseRule.${pool_rule}`) : pool_reason;
  const facts = [
    pooled_at && t("pool:banner.since", { when: relativeDay(pooled_at) }),
    previous_owner && t("pool:banner.before", { name: previous_owner.name }),
    why && t("pool:banner.why", { reason: why }),
  ].filter(Boolean);
  return <p className="break-words text-fg2 text-xs">{facts.join(" · ")}</p>;
}

/** What is left of what the user may claim from a pool, where that is limited. */
function Left({ pool }: { pool: string }) {
  const { t } = useTranslation();
  const mine = useQuery(myPoolsQuery()).data?.find(({ id }) => id === pool);
  const [first] = mine ? limitsOf(mine, t) : [];
  return first ? <span className="text-fg2 text-xs phone:mr-auto">{first.text}</span> : null;
}

function Soon({ customer, releaseAt }: { customer: Customer; releaseAt: string }) {
  const { t } = useTranslation();
  const { date, relativeDay } = useFormat();
  const { release_rule: rule } = customer;
  return (
    <Strip
      label={t("pool:banner.soon")}
      icon={<Hourglass aria-hidden="true" className="size-4 shrink-0" />}
      className="bg-(--amber-soft) text-(--amber-text)"
    >
      <p className="min-w-0 flex-1 break-words">
        {t("pool:banner.release", { date: date(toDate(releaseAt)), when: relativeDay(releaseAt) })}
        {rule && <span className="ml-1.5">{t(`pool:keep.${rule}`)}</span>}
      </p>
    </Strip>
  );
}
