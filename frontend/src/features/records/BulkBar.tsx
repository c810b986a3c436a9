import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { type BulkTarget, countRecords } from "@/api/bulk";
import { type ListQuery, recordKeys } from "@/api/records";
import { findUsers } from "@/api/search";
import type { AnyRecord, Can } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { BulkField } from "./BulkField";
import { BulkTags } from "./BulkTags";
import type { BulkChange, BulkScope } from "./bulk";
import { currentRun, onRun } from "./bulk-run";
import type { Descriptor } from "./model";
import { useBulk } from "./use-bulk";

interface BulkBarProps {
  descriptor: Descriptor;
  /** The chosen rows that are loaded. */
  records: AnyRecord[];
  /** What the list asks the server for. */
  query: ListQuery;
  /** How many records the list holds, loaded or not; a floor when not exact. */
  total: number | undefined;
  isExact: boolean;
  /** Whether all that the list holds is meant, and not only the chosen rows. */
  isEverything: boolean;
  /** There when every loaded row is chosen and the list holds more. */
  onEverything: (() => void) | undefined;
  onDone: () => void;
}

/** How many records are meant: the chosen rows, or all of the list, counted to the last. */
function useMeant({ descriptor, records, query, total, isExact, isEverything }: BulkBarProps) {
  const { type } = descriptor;
  const exact = useQuery({
    queryKey: [...recordKeys.summaries(type), "count", query],
    queryFn: () => countRecords(type, query),
    enabled: isEverything && !isExact,
  });
  if (!isEverything) return records.length;
  return isExact ? total : exact.data;
}

/** What can be done with the selected rows; floats over the list. */
export function BulkBar(props: BulkBarProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { descriptor, records, query, isEverything, onDone } = props;
  const run = useBulk();
  const isRunning = useSyncExternalStore(onRun, currentRun) !== null;
  const meant = useMeant(props);
  const [asked, setAsked] = useState<BulkChange | null>(null);
  // Of all that match, the server refuses those the user may not change, and the result says so.
  const may = (right: keyof Can) =>
    records.length > 0 &&
    (isEverything ? records.some(({ can }) => can[right]) : records.every(({ can }) => can[right]));

  function start(change: BulkChange) {
    const scope: BulkScope = isEverything
      ? { query }
      : { targets: records as unknown as BulkTarget[] };
    setAsked(null);
    void run({ type: descriptor.type, scope, change }, meant);
    onDone();
  }
  const change = isEverything ? setAsked : start;
  const text = meant === undefined ? "…" : number(meant);
  if (isRunning) return null;

  return (
    <section
      aria-label={t("records:bulk.label")}
      className="absolute bottom-12 left-1/2 z-30 flex max-w-full -translate-x-1/2 items-center gap-1 rounded-lg bg-raised py-1 pr-1 pl-4 shadow-float phone:static phone:translate-x-0 phone:flex-wrap phone:rounded-none phone:border-line-strong phone:border-t phone:shadow-none"
    >
      <span className="mr-1 whitespace-nowrap font-medium" role="status">
        {isEverything
          ? t("records:bulk.everything", { count: meant ?? 0, text })
          : t("records:bulk.selected", { count: records.length })}
      </span>
      {props.onEverything && <EverythingButton {...props} onSelect={props.onEverything} />}
      <div className="contents phone:order-last phone:flex phone:w-full phone:justify-between phone:pr-3 phone:empty:hidden">
        {may("assign") && (
          <Popover
            label={t("records:bulk.assign")}
            className="w-72"
            trigger={<Button variant="ghost">{t("records:bulk.assign")}</Button>}
          >
            <Combobox
              label={t("records:field.owner_id")}
              placeholder={t("records:field.owner_id")}
              value={null}
              search={findUsers}
              autoFocus
              renderIcon={(option) => <Avatar name={option.name} />}
              onChange={(owner) =>
                owner &&
                change({
                  kind: "update",
                  members: ["owner_id"],
                  make: () => ({ owner_id: owner.id }),
                  undo: ({ owner_id }) => ({ owner_id }),
                })
              }
            />
          </Popover>
        )}
        {may("edit") && (
          <>
            <BulkTags onChange={change} />
            <BulkField descriptor={descriptor} onChange={change} />
          </>
        )}
        {may("delete") && (
          <Button
            variant="ghost"
            className="text-danger hover:bg-danger-soft hover:text-danger"
            onClick={() => change({ kind: "delete" })}
          >
            {t("records:delete")}
          </Button>
        )}
      </div>
      <IconButton label={t("records:bulk.clear")} className="phone:ml-auto" onClick={onDone}>
        <X />
      </IconButton>
      {asked && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(null)}
          title={t(asked.kind === "delete" ? "records:bulk.askDelete" : "records:bulk.askChange", {
            count: meant ?? 0,
            text,
          })}
          confirmLabel={t(asked.kind === "delete" ? "records:delete" : "records:bulk.change")}
          danger={asked.kind === "delete"}
          busy={meant === undefined}
          onConfirm={() => start(asked)}
        >
          {t("records:bulk.askHint")}
        </ConfirmDialog>
      )}
    </section>
  );
}

interface EverythingButtonProps extends BulkBarProps {
  onSelect: () => void;
}

function EverythingButton({ total, isExact, onSelect }: EverythingButtonProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (total === undefined) return null;
  const text = `${number(total)}${isExact ? "" : "+"}`;
  return (
    <Button variant="ghost" className="text-accent-strong" onClick={onSelect}>
      {t("records:bulk.selectEverything", { count: total, text })}
    </Button>
  );
}
