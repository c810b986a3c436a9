import { useTranslation } from "react-i18next";
import type { AnyRecord, FieldChange, HistoryEntry } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { FieldValue } from "./FieldValue";
import type { Descriptor, Field } from "./model";

interface ChangeProps {
  descriptor: Descriptor;
  record: AnyRecord;
}

/** One change of a record: who, when, what from and to. */
export function ChangeEntry({ descriptor, record, entry }: ChangeProps & { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const { instant, time } = useFormat();
  const actor = entry.actor?.name ?? t("records:system");
  return (
    <li className="relative flex gap-3">
      <Avatar name={actor} className="z-10 ring-4 ring-panel" />
      <div className="min-w-0 flex-1">
        <p>
          <span className="font-medium">{actor}</span>{" "}
          <span className="text-fg2">{t(`records:action.${entry.action}`)}</span>{" "}
          <time dateTime={entry.at} title={instant(entry.at)} className="tnum text-fg3 text-xs">
            {time(entry.at)}
          </time>
        </p>
        {entry.version > 1 && entry.changes.length > 0 && (
          <ul className="mt-1 flex flex-col gap-1">
            {entry.changes.filter(isTold).map((change) => (
              <ChangeLine
                key={change.field}
                descriptor={descriptor}
                record={record}
                change={change}
              />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

/** What follows from another change of the same entry tells nobody anything. */
const FOLLOWS = [
  "status_category",
  "category",
  "closed_on",
  "origin_lead_id",
  "pooled_at",
  "previous_owner_id",
];

function isTold({ field }: FieldChange): boolean {
  return !FOLLOWS.includes(field);
}

function plainField(name: string): Field {
  return { name, label: name, kind: "text" };
}

/** A value of a field nobody declared is shown as the server keeps it. */
function plainText(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

interface ChangeLineProps extends ChangeProps {
  change: FieldChange;
}

function ChangeLine({ descriptor, record, change }: ChangeLineProps) {
  const { t } = useTranslation();
  const known = descriptor.fields.find((field) => field.name === change.field);
  const field = known ?? plainField(change.field);
  // What stands in place of nothing, such as the pool of a customer, is true of today only.
  const show = (value: unknown) => (
    <FieldValue
      field={field}
      value={known ? value : plainText(value)}
      record={value === null ? undefined : record}
      isCompact
    />
  );
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 text-fg2">
      <span className="text-fg3">{known ? t(known.label) : change.field}</span>
      <span className="min-w-0 line-through decoration-fg3">{show(change.old)}</span>
      <span aria-hidden="true">→</span>
      <span className="sr-only">{t("records:becomes")}</span>
      <span className="min-w-0 text-fg">{show(change.new)}</span>
    </li>
  );
}
