import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Money } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { FieldValue } from "./FieldValue";
import { type Descriptor, fieldOf, memberOf } from "./model";

interface CardListProps {
  descriptor: Descriptor;
  rows: AnyRecord[];
  hasMore: boolean;
  onReachEnd: () => void;
  onOpen: (record: AnyRecord) => void;
}

const CARD_HEIGHT = 65;

/** A list on a phone: one card per record, only those in view drawn. */
export function CardList({ descriptor, rows, hasMore, onReachEnd, onOpen }: CardListProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
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
      >
        {items.map((item) => {
          const record = rows[item.index];
          return (
            record && (
              <li
                key={record.id}
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0 border-line border-b"
                style={{ height: CARD_HEIGHT, transform: `translateY(${item.start}px)` }}
              >
                <RecordCard descriptor={descriptor} record={record} onOpen={onOpen} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

interface RecordCardProps {
  descriptor: Descriptor;
  record: AnyRecord;
  onOpen?: (record: AnyRecord) => void;
}

/** A record in two lines: name and amount, then where it stands and whose it is. */
export function RecordCard({ descriptor, record, onOpen }: RecordCardProps) {
  const { moneyShort, relativeDay } = useFormat();
  const amount = descriptor.amountField
    ? (memberOf(record, descriptor.amountField) as Money | null)
    : null;
  const status = descriptor.statusField ? fieldOf(descriptor, descriptor.statusField) : null;
  const rest = [record.owner?.name, relativeDay(record.updated_at)].filter(Boolean).join(" · ");
  const quiet = (status ? null : descriptor.subtitle(record)) ?? rest;
  return (
    <Link
      to={`/${descriptor.type}/${record.id}` as string}
      onClick={(event) => {
        if (!onOpen || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        onOpen(record);
      }}
      className="flex h-full items-center gap-3 px-4 py-2 -outline-offset-2 hover:bg-hover"
    >
      <Avatar name={record.name} kind={descriptor.avatarKind} size="lg" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="flex-1 truncate text-base">{record.name}</span>
          {amount && <span className="tnum font-medium text-base">{moneyShort(amount)}</span>}
        </span>
        <span className="flex min-w-0 items-center gap-1.5 text-fg2">
          {status && (
            <FieldValue
              field={status}
              value={memberOf(record, status.name)}
              record={record}
              isCompact
            />
          )}
          <span className="truncate">{status ? `· ${quiet}` : quiet}</span>
        </span>
      </span>
    </Link>
  );
}
