import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { firstRecordsQuery } from "@/api/figures";
import type { Customer, Me } from "@/api/types";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { Panel } from "./Panel";

const SHOWN = 6;

/** My customers that go back to their pool within a week, the first to go first; nothing where there are none. */
export function SoonPanel({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const customers = useQuery(
    firstRecordsQuery("customers", {
      filter: "owner_id = @me AND release_at <= @today+7d",
      sort: "release_at",
      limit: SHOWN,
    }),
  );
  const rows = customers.data?.data ?? [];
  if (rows.length === 0) return null;
  const total = customers.data?.meta?.total;
  return (
    <Panel
      title={t("home:soon.title")}
      meta={total ? number(total) : undefined}
      link={{
        to: "/customers",
        search: { view: "soon", owner_id: me.id },
        label: t("home:all"),
      }}
    >
      <ul className="-mx-2">
        {rows.map((customer) => (
          <SoonLine key={customer.id} customer={customer} />
        ))}
      </ul>
    </Panel>
  );
}

function SoonLine({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { instant, relativeDay } = useFormat();
  const { release_at, release_rule, release_soon } = customer;
  return (
    <li>
      <Link
        to={`/customers/${customer.id}` as string}
        className="flex min-h-9 items-center gap-2 rounded-md px-2 hover:bg-hover phone:min-h-12"
      >
        <span className="min-w-0 flex-1 truncate">{customer.name}</span>
        {release_rule && (
          <span className="shrink-0 text-fg3 text-xs">
            {t(`records:releaseRule.${release_rule}`)}
          </span>
        )}
        {release_at && (
          <time
            dateTime={release_at}
            title={instant(release_at)}
            className={cn(
              "tnum shrink-0 text-xs",
              release_soon ? "font-medium text-warn" : "text-fg2",
            )}
          >
            {relativeDay(release_at)}
          </time>
        )}
      </Link>
    </li>
  );
}
