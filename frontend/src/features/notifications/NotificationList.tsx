import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { InboxView, Notification } from "@/api/notifications";
import { isComposing } from "@/lib/composing";
import { toDate, today } from "@/lib/format";
import { NotificationRow } from "./NotificationRow";

interface NotificationListProps {
  view: InboxView;
  rows: Notification[];
  onClose: () => void;
}

type Part = "today" | "earlier" | "snoozed";

function partsOf(view: InboxView, rows: Notification[]): { part: Part; rows: Notification[] }[] {
  if (view === "snoozed") return [{ part: "snoozed", rows }];
  // What was put off comes back on top, above what came today.
  const end = rows.findLastIndex(({ created_at }) => toDate(created_at) >= today()) + 1;
  const parts: { part: Part; rows: Notification[] }[] = [
    { part: "today", rows: rows.slice(0, end) },
    { part: "earlier", rows: rows.slice(end) },
  ];
  return parts.filter((part) => part.rows.length > 0);
}

const ROW = "[data-notification]";
const mainOf = (row: Element | undefined) => row?.querySelector<HTMLElement>("[data-main]");
const lineOf = (list: Element | null, { id }: Notification) =>
  list?.querySelector(`[data-notification="${id}"]`) ?? undefined;
const buttonOf = (row: Element, name: string) =>
  row.querySelector<HTMLElement>(`[data-action="${name}"]`);

/** Where a key goes from a row; the ends stay where they are. */
function target(key: string, place: number, last: number): number | null {
  if (key === "ArrowDown" || key === "j") return Math.min(place + 1, last);
  if (key === "ArrowUp" || key === "k") return Math.max(place - 1, 0);
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}

/** The notifications by when they came. The arrows, J and K go through them, R marks one as read, S puts it off. */
export function NotificationList({ view, rows, onClose }: NotificationListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const leaving = useRef<{ id: string; heir: Notification | undefined } | null>(null);
  const lines = () => [...(list.current?.querySelectorAll(ROW) ?? [])];

  useEffect(() => {
    const layer = list.current?.closest<HTMLElement>("[role='dialog']");
    const toFirst = () => mainOf(list.current?.querySelector(ROW) ?? undefined)?.focus();
    // The layer has the focus, or is about to; whoever has gone on to something else in the meantime stays there.
    if (document.activeElement === layer) return toFirst();
    layer?.addEventListener("focus", toFirst, { once: true });
    return () => layer?.removeEventListener("focus", toFirst);
  }, []);

  useEffect(() => {
    const { id, heir } = leaving.current ?? {};
    if (id === undefined || rows.some((row) => row.id === id)) return;
    leaving.current = null;
    // The menu that was in the row gives the focus back first, to where nothing is any more.
    setTimeout(() => heir && mainOf(lineOf(list.current, heir))?.focus());
  }, [rows]);

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as Element).closest(ROW);
    if (!row) return;
    const all = lines();
    const to = target(event.key, all.indexOf(row), all.length - 1);
    const action = { r: "read", s: "snooze" }[event.key];
    if (to !== null) mainOf(all[to])?.focus();
    else if (action !== undefined) buttonOf(row, action)?.click();
    else return;
    event.preventDefault();
  }

  /** What goes away gives the focus to what stands in its place. */
  function onGone({ id }: Notification) {
    const place = rows.findIndex((row) => row.id === id);
    leaving.current = { id, heir: rows[place + 1] ?? rows[place - 1] };
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside take the keys
    <div ref={list} onKeyDown={onKeyDown}>
      {partsOf(view, rows).map(({ part, rows: some }) => (
        <section key={part} aria-label={t(`notifications:part.${part}`)}>
          <h3 className="px-4 pt-3 pb-1 text-fg3 text-xs">{t(`notifications:part.${part}`)}</h3>
          <ul>
            {some.map((row) => (
              <NotificationRow
                key={row.id}
                notification={row}
                onClose={onClose}
                onGone={() => onGone(row)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
