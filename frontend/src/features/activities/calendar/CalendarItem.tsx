import { Link } from "@tanstack/react-router";
import { type CSSProperties, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { traits, wasPlanned } from "@/features/records/activity-kinds";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { ActivityMenu } from "../ActivityMenu";
import { pathOf, recordsByOrder } from "../TaskRow";
import { type Entry, timeOf } from "./layout";
import { useItemDrag } from "./use-calendar-drag";

const EditActivity = lazyNamed(() =>
  withTexts("files", () => import("../EditActivity")).then((module) => module.EditActivity),
);

interface CalendarItemProps {
  entry: Entry;
  /** Where there are several people's: whose it is. */
  hasOwner: boolean;
  className?: string;
  style?: CSSProperties;
}

const face =
  "block min-w-0 flex-1 truncate px-1.5 text-left leading-6 phone:leading-11 rounded outline-none after:absolute after:inset-0 after:rounded focus-visible:after:outline-2 focus-visible:after:outline-accent";

/** Something in the calendar: opens its record, or itself where it has none; what is planned can be dragged. */
export function CalendarItem({ entry, hasOwner, className, style }: CalendarItemProps) {
  const { t } = useTranslation();
  const { time } = useFormat();
  const { activity, isFirst } = entry;
  const { kind, name, owner, about, status, can } = activity;
  const element = useRef<HTMLLIElement>(null);
  const [isEdited, setEdited] = useState(false);
  const enabled = status === "open" && can.edit && isFirst;
  const isDragged = useItemDrag(element, { id: activity.id, enabled });
  const records = recordsByOrder(about);
  const [record] = records;
  const at = timeOf(activity);
  const Icon = traits[kind].icon;
  const isDone = status === "done";
  const person = hasOwner ? owner?.name : undefined;
  const words = [t(`activities:kinds.${kind}`), name, ...records.map((of) => of.name), person];
  const content = (
    <>
      <Icon className="mr-1 inline size-3 align-[-2px]" aria-hidden="true" />
      {at !== null && isFirst && <span className="tnum mr-1">{time(at)}</span>}
      <span className={cn(wasPlanned(activity) && "line-through")}>{name}</span>
      {person && <span className="ml-1">· {person}</span>}
    </>
  );
  const attributes = { className: face, title: words.filter(Boolean).join(" · ") };
  return (
    <li
      ref={element}
      data-activity={activity.id}
      style={style}
      className={cn(
        "group/item relative flex min-h-6 overflow-hidden rounded text-xs phone:min-h-11",
        isDone ? "bg-hover text-fg2" : "bg-accent-soft text-accent-strong",
        enabled && "cursor-grab",
        isDragged && "opacity-40",
        className,
      )}
    >
      {record ? (
        <Link to={pathOf(record)} draggable={false} {...attributes}>
          {content}
        </Link>
      ) : can.edit ? (
        <button type="button" onClick={() => setEdited(true)} {...attributes}>
          {content}
        </button>
      ) : (
        <span {...attributes}>{content}</span>
      )}
      <ActivityMenu
        activity={activity}
        className="absolute top-0 right-0 z-[1] bg-inherit opacity-0 focus-visible:bg-raised focus-visible:opacity-100 group-hover/item:bg-raised group-hover/item:opacity-100 data-popup-open:opacity-100 phone:opacity-100"
      />
      <Suspense fallback={null}>
        {isEdited && <EditActivity activity={activity} onClose={() => setEdited(false)} />}
      </Suspense>
    </li>
  );
}
