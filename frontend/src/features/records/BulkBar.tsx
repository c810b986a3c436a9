import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ReactNode, Suspense, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { type BulkTarget, countRecords } from "@/api/bulk";
import { type ListQuery, recordKeys } from "@/api/records";
import type { AnyRecord, Can } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { IconButton } from "@/ui/IconButton";
import { BulkField } from "./BulkField";
import { BulkMoves } from "./BulkMoves";
import { BulkOwner } from "./BulkOwner";
import { BulkTags } from "./BulkTags";
import { type BulkChange, type BulkScope, type Chosen, verbOf } from "./bulk";
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
  /** What else can be done with what is chosen. */
  renderMore: ((chosen: Chosen) => ReactNode) | undefined;
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

  // What lies in a pool is not handed over but allotted, within what its receiver may own.
  const arePooled = records.length > 0 && records.every(({ can }) => can.allot);

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
      aria-label={t("bulk:label")}
      className="absolute bottom-12 left-1/2 z-30 flex max-w-full -translate-x-1/2 items-center gap-1 rounded-lg bg-raised py-1 pr-1 pl-4 shadow-float phone:static phone:translate-x-0 phone:flex-wrap phone:rounded-none phone:border-line-strong phone:border-t phone:shadow-none"
    >
      <span className="mr-1 whitespace-nowrap font-medium" role="status">
        {isEverything
          ? t("bulk:everything", { count: meant ?? 0, text })
          : t("bulk:selected", { count: records.length })}
      </span>
      {props.onEverything && <EverythingButton {...props} onSelect={props.onEverything} />}
      <div className="contents phone:order-last phone:flex phone:w-full phone:justify-between phone:pr-3 phone:empty:hidden">
        <Suspense fallback={null}>
          {props.renderMore?.({
            records,
            query: isEverything ? query : null,
            count: meant,
            onDone,
          })}
        </Suspense>
        <BulkMoves may={may} onChange={change} />
        {arePooled && (
          <BulkOwner
            label={t("records:pool.allot")}
            onPick={(owner_id) => change({ kind: "move", action: "allot", data: { owner_id } })}
          />
        )}
        {may("assign") && !arePooled && (
          <BulkOwner
            label={t("bulk:assign")}
            onPick={(id) =>
              change({
                kind: "update",
                members: ["owner_id"],
                make: () => ({ owner_id: id }),
                undo: ({ owner_id }) => ({ owner_id }),
              })
            }
          />
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
      <IconButton label={t("bulk:clear")} className="phone:ml-auto" onClick={onDone}>
        <X />
      </IconButton>
      {asked && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(null)}
          title={t(`bulk:ask.${verbOf(asked)}`, { count: meant ?? 0, text })}
          confirmLabel={t(`bulk:go.${verbOf(asked)}`)}
          danger={asked.kind === "delete"}
          busy={meant === undefined}
          onConfirm={() => start(asked)}
        >
          {t(asked.kind === "move" ? "bulk:askMoveHint" : "bulk:askHint")}
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
      {t("bulk:selectEverything", { count: total, text })}
    </Button>
  );
}
