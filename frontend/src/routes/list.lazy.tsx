import { useMatches, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { descriptors } from "@/features/records/descriptors";
import { type ListAddress, ListPage } from "@/features/records/ListPage";
import { OwnerChange } from "@/features/records/owner-change";
import { lazyNamed } from "@/lib/lazy";
import { useConvertRow } from "./convert-row";
import { readAddress, writeAddress } from "./list-address";
import type { ListSearch } from "./list-search";
import {
  besideFact,
  FavouriteMark,
  listActions,
  listNotice,
  peekBanners,
  RecordActivities,
  recordActions,
  recordBadges,
} from "./record-slots";
import { useCustomerPool } from "./use-customer-pool";
import { useCustomerTransfer } from "./use-customer-transfer";
import { useRecordMenu } from "./use-record-menu";

// Drawn inside the bar, which is loaded with the first row that is chosen.
const ConvertChosen = lazyNamed(() =>
  import("./convert-chosen").then((module) => module.ConvertChosen),
);

/** The list of the type of record its route names. */
export default function ListRoute() {
  const type =
    useMatches({ select: (matches) => matches.at(-1)?.staticData.recordType }) ?? "leads";
  const search = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const address = useMemo(() => readAddress(type, search), [type, search]);
  const change = useCallback(
    (changes: Partial<ListAddress>) =>
      void navigate({
        to: ".",
        search: ((old: ListSearch) =>
          writeAddress(type, { ...readAddress(type, old), ...changes })) as never,
        replace: !("peek" in changes) && !("view" in changes),
      }),
    [navigate, type],
  );
  const RecordActions = recordActions[type];
  const Badges = recordBadges[type];
  const Banner = peekBanners[type];
  const menuOf = useRecordMenu(type);
  const row = useConvertRow(type);
  const pool = useCustomerPool(type);
  const transfer = useCustomerTransfer(type);
  return (
    <OwnerChange value={transfer.ask}>
      <ListPage
        key={type}
        descriptor={descriptors[type]}
        address={address}
        onAddress={change}
        actions={listActions[type]?.()}
        renderActions={(record) => RecordActions && <RecordActions record={record} />}
        renderMark={(record) => <FavouriteMark type={type} record={record} />}
        renderTimeline={(record) => <RecordActivities type={type} record={record} />}
        renderBeside={(record, field) => besideFact(record, field, type)}
        renderBadges={(record) => Badges && <Badges record={record} />}
        renderBanner={(record) => Banner && <Banner record={record} />}
        menuOf={(record) => [...menuOf(record), ...transfer.menuOf(record), ...pool.menuOf(record)]}
        rowActions={type === "leads" ? row.actions : pool.actions}
        renderBulk={(chosen) => type === "leads" && <ConvertChosen chosen={chosen} />}
        notice={listNotice(type, address.view)}
      />
      {row.dialog}
      {pool.dialog}
      {transfer.dialog}
    </OwnerChange>
  );
}
