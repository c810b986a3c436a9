import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Money } from "@/api/types";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { useLongPress } from "@/lib/long-press";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { AlertBadge } from "./AlertBadge";
import { FieldValue } from "./FieldValue";
import { type Descriptor, fieldOf, memberOf, poolOf } from "./model";
import { RecordBadge } from "./RecordBadge";
import type { RowAction } from "./RecordTable";

interface CardListProps {
  descriptor: Descriptor;
  rows: AnyRecord[];
  hasMore: boolean;
  onReachEnd: () => void;
  onOpen: (record: AnyRecord) => void;
  /** There while cards are chosen instead of opened. */
  selection: ReadonlySet<string> | null;
  /** Chooses a card or leaves it; a long press begins with that. */
  onToggle: (record: AnyRecord) => void;
  /** What can be done with a card; only what it is there for has a button. */
  actions: RowAction[];
}

const CARD_HEIGHT = 65;

/** A list on a phone: one card per record, only those in view drawn. */
export function CardList(props: CardListProps) {
  const { descriptor, rows, hasMore, onReachEnd, selection, onToggle } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  // The click that ends a long press would take back what the press has chosen.
  const isPressEnding = useRef(false);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    overscan: 8,
    initialRect: { width: 390, height: 800 },
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - 20) onReachEnd();
  }, [hasMore, lastShown, rows.length, onReachEnd]);

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      <ul
        aria-label={t(`records:plural.${descriptor.type}`)}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onPointerDownCapture={() => {
          isPressEnding.current = false;
        }}
        onClickCapture={(event) => {
          if (!isPressEnding.current) return;
          isPressEnding.current = false;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {items.map((item) => {
          const record = rows[item.index];
          return (
            record && (
              <li
                key={record.id}
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0 flex items-center border-line border-b"
                style={{ height: CARD_HEIGHT, transform: `translateY(${item.start}px)` }}
              >
                {selection ? (
                  <SelectableCard
                    descriptor={descriptor}
                    record={record}
                    isSelected={selection.has(record.id)}
                    onToggle={() => onToggle(record)}
                  />
                ) : (
                  <>
                    <RecordCard
                      descriptor={descriptor}
                      record={record}
                      onOpen={props.onOpen}
                      onLongPress={() => {
                        isPressEnding.current = true;
                        onToggle(record);
                      }}
                    />
                    <CardActions actions={props.actions} record={record} />
                  </>
                )}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function CardActions({ actions, record }: { actions: RowAction[]; record: AnyRecord }) {
  return actions
    .filter((action) => action.isPrimary && action.appliesTo(record))
    .map((action) => (
      <Button
        key={action.key}
        size="sm"
        aria-label={`${action.label}: ${record.name}`}
        onClick={() => action.run(record)}
        className="mr-4"
      >
        {action.label}
      </Button>
    ));
}

interface RecordCardProps {
  descriptor: Descriptor;
  record: AnyRecord;
  onOpen?: (record: AnyRecord) => void;
  onLongPress?: () => void;
}

const cardClass =
  "flex h-full min-w-0 flex-1 items-center gap-3 px-4 py-2 -outline-offset-2 hover:bg-hover";

/** A record as a link to its page. */
export function RecordCard({ descriptor, record, onOpen, onLongPress }: RecordCardProps) {
  const longPress = useLongPress(() => onLongPress?.());
  return (
    <Link
      to={`/${descriptor.type}/${record.id}` as string}
      {...(onLongPress && longPress)}
      draggable={!onLongPress}
      onClick={(event) => {
        if (!onOpen || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        onOpen(record);
      }}
      className={cn(cardClass, onLongPress && "select-none [-webkit-touch-callout:none]")}
    >
      <CardLines descriptor={descriptor} record={record}>
        <Avatar name={record.name} kind={descriptor.avatarKind} size="lg" />
      </CardLines>
    </Link>
  );
}

interface SelectableCardProps extends RecordCardProps {
  isSelected: boolean;
  onToggle: () => void;
}

/** A record to be ticked, wherever it is touched. */
function SelectableCard({ descriptor, record, isSelected, onToggle }: SelectableCardProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is the control
    <label className={cn(cardClass, isSelected && "bg-accent-soft hover:bg-accent-soft")}>
      <CardLines descriptor={descriptor} record={record}>
        <span className="flex size-9 shrink-0 items-center justify-center">
          <Checkbox
            aria-label={t("common:selectNamed", { name: record.name })}
            className="size-5 rounded-full"
            checked={isSelected}
            onCheckedChange={onToggle}
          />
        </span>
      </CardLines>
    </label>
  );
}

interface CardLinesProps {
  descriptor: Descriptor;
  record: AnyRecord;
  /** What stands in front. */
  children: ReactNode;
}

/** Name and amount, below them where it stands and whose it is. */
function CardLines({ descriptor, record, children }: CardLinesProps) {
  const { moneyShort, relativeDay } = useFormat();
  const amount = descriptor.amountField
    ? (memberOf(record, descriptor.amountField) as Money | null)
    : null;
  const status = descriptor.statusField ? fieldOf(descriptor, descriptor.statusField) : null;
  const whose = record.owner?.name ?? poolOf(record)?.name;
  const rest = [whose, relativeDay(record.updated_at)].filter(Boolean).join(" · ");
  const quiet = (status ? null : descriptor.subtitle(record)) ?? rest;
  return (
    <>
      {children}
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="flex-1 truncate text-base">{record.name}</span>
          {amount && <span className="tnum font-medium text-base">{moneyShort(amount)}</span>}
        </span>
        <span className="flex min-w-0 items-center text-fg2">
          {status && (
            <FieldValue
              field={status}
              value={memberOf(record, status.name)}
              record={record}
              isCompact
            />
          )}
          {descriptor.alertField && (
            <span className="ml-1.5 flex shrink-0 empty:hidden">
              <AlertBadge field={fieldOf(descriptor, descriptor.alertField)} record={record} />
            </span>
          )}
          <RecordBadge descriptor={descriptor} record={record} className="ml-1.5" />
          <span className="truncate whitespace-pre">{status ? ` · ${quiet}` : quiet}</span>
        </span>
      </span>
    </>
  );
}
