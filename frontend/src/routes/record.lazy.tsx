import { useMatches, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { descriptors } from "@/features/records/descriptors";
import { OwnerChange } from "@/features/records/owner-change";
import { RecordPage } from "@/features/records/RecordPage";
import { useRecord } from "@/features/records/use-record";
import { remember } from "@/features/shell/recents";
import {
  besideFact,
  FavouriteMark,
  RecordActivities,
  recordActions,
  recordBadges,
  recordBanners,
} from "./record-slots";
import { useCustomerPool } from "./use-customer-pool";
import { useCustomerTransfer } from "./use-customer-transfer";
import { useRecordMenu } from "./use-record-menu";

/** The page of one record of the type its route names. */
export default function RecordRoute() {
  const type =
    useMatches({ select: (matches) => matches.at(-1)?.staticData.recordType }) ?? "leads";
  const { id = "" } = useParams({ strict: false });
  const { record } = useRecord(type, id);
  const menuOf = useRecordMenu(type);
  const pool = useCustomerPool(type);
  const transfer = useCustomerTransfer(type);
  const Actions = recordActions[type];
  const Badges = recordBadges[type];
  const Banner = recordBanners[type];
  const name = record?.name;
  useEffect(() => {
    if (name !== undefined) remember({ type, id, name });
  }, [type, id, name]);
  return (
    <OwnerChange value={transfer.ask}>
      <RecordPage
        key={id}
        descriptor={descriptors[type]}
        id={id}
        renderActions={(shown) => Actions && <Actions record={shown} />}
        renderMark={(shown) => <FavouriteMark type={type} record={shown} />}
        renderBadges={(shown) => Badges && <Badges record={shown} />}
        renderTimeline={(shown) => <RecordActivities type={type} record={shown} />}
        renderBanner={(shown) => Banner && <Banner record={shown} />}
        renderBeside={(shown, field) => besideFact(shown, field, type)}
        menuOf={(shown) => [...menuOf(shown), ...transfer.menuOf(shown), ...pool.menuOf(shown)]}
      />
      {pool.dialog}
      {transfer.dialog}
    </OwnerChange>
  );
}
