import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { recordListQuery } from "@/api/records";
import type { AnyRecord, Lead, RecordType } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { Skeleton } from "@/ui/Skeleton";
import { RecordCard } from "./CardList";
import { descriptors } from "./descriptors";
import type { Descriptor, RelatedSpec } from "./model";
import { openQuickCreate } from "./quick-create";

interface RelatedProps {
  descriptor: Descriptor;
  record: AnyRecord;
}

/** The records that belong to this one, as cards. */
export function Related({ descriptor, record }: RelatedProps) {
  return (
    <div className="flex flex-col">
      <Origin record={record} />
      {descriptor.type === "leads" && <Outcome lead={record as Lead} />}
      {descriptor.related.map((spec) => (
        <RelatedList key={`${spec.type} ${spec.filter}`} spec={spec} record={record} />
      ))}
    </div>
  );
}

function RelatedList({ spec, record }: { spec: RelatedSpec; record: AnyRecord }) {
  const { t } = useTranslation();
  const target = descriptors[spec.type];
  const query = useInfiniteQuery(
    recordListQuery(spec.type, {
      filter: spec.filter.replaceAll("$id", record.id),
      sort: "-updated_at",
    }),
  );
  const rows = query.data?.pages.flatMap((page) => page.data as AnyRecord[]) ?? [];
  return (
    <section className="border-line border-b px-4 py-3">
      <header className="mb-1 flex items-center gap-2">
        <h2 className="font-medium">{t(spec.label)}</h2>
        {rows.length > 0 && (
          <span className="tnum text-fg3">
            {rows.length}
            {query.hasNextPage ? "+" : ""}
          </span>
        )}
        <IconButton
          size="sm"
          className="ml-auto"
          label={t(`records:newOf.${spec.type}`)}
          onClick={() => openQuickCreate(spec.type, spec.preset(record))}
        >
          <Plus />
        </IconButton>
      </header>
      {query.isPending && <Skeleton className="my-2 w-2/3" />}
      {query.isError && <p className="text-danger">{t("records:couldNotLoad")}</p>}
      {query.isSuccess && rows.length === 0 && (
        <p className="text-fg3">{t(`records:noneOf.${spec.type}`)}</p>
      )}
      <ul className="flex flex-col gap-1.5">
        {rows.slice(0, 20).map((row) => (
          <li key={row.id} className="rounded-lg border border-line shadow-card [&>a]:px-3">
            <RecordCard descriptor={target} record={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Origin({ record }: { record: AnyRecord }) {
  const { t } = useTranslation();
  const id = "origin_lead_id" in record ? record.origin_lead_id : null;
  if (!id) return null;
  return (
    <section className="border-line border-b px-4 py-3">
      <h2 className="mb-1 font-medium">{t("records:cameFromLead")}</h2>
      <OneCard type="leads" id={id} />
    </section>
  );
}

const OUTCOMES: [RecordType, "customer_id" | "contact_id" | "opportunity_id"][] = [
  ["customers", "customer_id"],
  ["contacts", "contact_id"],
  ["opportunities", "opportunity_id"],
];

/** What a converted lead became, each as the card it is in other lists. */
function Outcome({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { conversion } = lead;
  if (!conversion) return <p className="px-4 py-3 text-fg3">{t("records:notConverted")}</p>;
  return (
    <section className="border-line border-b px-4 py-3">
      <h2 className="mb-1 font-medium">{t("records:becameOf")}</h2>
      <ul className="flex flex-col gap-1.5">
        {OUTCOMES.map(([type, member]) => {
          const id = conversion[member];
          return (
            id && (
              <li key={type}>
                <p className="mb-0.5 text-fg3 text-xs">{t(`records:one.${type}`)}</p>
                <OneCard type={type} id={id} />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

/** One record; asked for as a list, in which a record out of sight is no error. */
function OneCard({ type, id }: { type: RecordType; id: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(recordListQuery(type, { filter: `id = "${id}"` }));
  const record = query.data?.pages[0]?.data[0] as AnyRecord | undefined;
  return (
    <div className="rounded-lg border border-line shadow-card [&>a]:px-3">
      {record && <RecordCard descriptor={descriptors[type]} record={record} />}
      {query.isPending && <Skeleton className="m-3 w-2/3" />}
      {query.isError && <p className="p-3 text-danger">{t("records:couldNotLoad")}</p>}
      {query.isSuccess && !record && <p className="p-3 text-fg3">{t("records:notFoundHint")}</p>}
    </div>
  );
}
