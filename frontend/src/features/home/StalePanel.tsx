import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { firstRecordsQuery } from "@/api/figures";
import type { Opportunity } from "@/api/types";
import { AlertBadge } from "@/features/records/AlertBadge";
import { opportunities } from "@/features/records/descriptors/opportunities";
import { fieldOf, viewFilter } from "@/features/records/model";
import { Read } from "@/features/records/Read";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Panel } from "./Panel";

const SHOWN = 6;
const STALE = viewFilter(opportunities, "stale");

type Whose = "mine" | "all";

/** Opportunities that stand too long, the one that is red the longest first; those who lead others look at theirs too. */
export function StalePanel({ seesOthers }: { seesOthers: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [whose, setWhose] = useState<Whose>("mine");
  const deals = useQuery(
    firstRecordsQuery("opportunities", {
      filter: whose === "mine" ? `owner_id = @me AND ${STALE}` : STALE,
      sort: "stale_at",
      limit: SHOWN,
    }),
  );
  const total = deals.data?.meta?.total;
  return (
    <Panel
      title={t("home:stale")}
      meta={total ? number(total) : undefined}
      link={{
        to: "/opportunities",
        search: { view: "stale", sort: "stale_at" },
        label: t("home:all"),
      }}
    >
      {seesOthers && (
        <SegmentedControl<Whose>
          label={t("home:whose")}
          value={whose}
          onChange={setWhose}
          options={(["mine", "all"] as const).map((value) => ({
            value,
            label: t(`home:whoseDeals.${value}`),
          }))}
          className="mb-2"
        />
      )}
      <Read query={deals} lines={4}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="flex items-center gap-2 py-3 text-fg2">
              <CircleCheck className="size-5 text-ok" aria-hidden="true" />
              {t("home:nothingStale")}
            </p>
          ) : (
            <ul className="-mx-2">
              {data.map((deal) => (
                <DealLine key={deal.id} deal={deal} withOwner={whose === "all"} />
              ))}
            </ul>
          )
        }
      </Read>
    </Panel>
  );
}

function DealLine({ deal, withOwner }: { deal: Opportunity; withOwner: boolean }) {
  const { t } = useTranslation();
  const { moneyShort, relativeDay } = useFormat();
  const last = deal.last_activity_at;
  const quiet = [
    withOwner ? deal.owner?.name : deal.customer?.name,
    deal.stage.name,
    last === null ? t("home:noActivity") : t("records:lastActivity", { when: relativeDay(last) }),
  ];
  return (
    <li className="relative flex min-h-12 items-center gap-3 rounded-md px-2 py-1 hover:bg-hover phone:min-h-16">
      <Avatar name={deal.customer?.name ?? deal.name} kind="company" size="md" />
      <span className="flex min-w-0 flex-1 flex-col">
        <Link
          to={`/opportunities/${deal.id}` as string}
          className="max-w-full truncate after:absolute after:inset-0 after:rounded-md"
        >
          {deal.name}
        </Link>
        <span className="truncate text-fg3 text-xs">{quiet.filter(Boolean).join(" · ")}</span>
      </span>
      {deal.amount && (
        <span className="tnum w-16 text-right phone:hidden">{moneyShort(deal.amount)}</span>
      )}
      <AlertBadge field={fieldOf(opportunities, "stale")} record={deal} />
    </li>
  );
}
