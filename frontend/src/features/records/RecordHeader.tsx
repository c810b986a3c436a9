import { ChevronDown, ChevronUp, Maximize2, MoreHorizontal, Trash2, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/IconButton";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { AlertBadge } from "./AlertBadge";
import { EditButton } from "./EditButton";
import { FieldValue } from "./FieldValue";
import { type Descriptor, fieldOf, memberOf } from "./model";
import { NextStep } from "./NextStep";
import { RecordBadge } from "./RecordBadge";

interface RecordHeaderProps {
  descriptor: Descriptor;
  record: AnyRecord;
  /** `h1` on a page of its own, `h2` beside a list. */
  heading: "h1" | "h2";
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  onExpand?: () => void;
  onClose?: () => void;
  onDelete: () => void;
  /** The primary actions of this type, such as converting a lead. */
  actions?: ReactNode;
  /** What stands beside its name. */
  mark?: ReactNode;
  /** What its name should be read with, such as the pool of a customer. */
  badges?: ReactNode;
  /** What its menu offers before the removal. */
  menu?: MenuEntry[] | undefined;
}

/** Who this is, where it stands, and what can be done. */
export function RecordHeader(props: RecordHeaderProps) {
  const { t } = useTranslation();
  const { descriptor, record, heading: Heading } = props;
  const status = descriptor.statusField ? fieldOf(descriptor, descriptor.statusField) : null;
  const subtitle = descriptor.subtitle(record);
  const remove: MenuEntry = {
    id: "delete",
    label: t("records:delete"),
    icon: <Trash2 />,
    danger: true,
    onSelect: props.onDelete,
  };
  const menu = [props.menu ?? [], record.can.delete ? [remove] : []];
  return (
    <header className="shrink-0 border-line border-b bg-panel px-4 py-3">
      <div className="flex items-center gap-1">
        <IconButton
          label={t("records:previous")}
          shortcut="["
          disabled={!props.onPrevious}
          onClick={props.onPrevious}
        >
          <ChevronUp />
        </IconButton>
        <IconButton
          label={t("records:next")}
          shortcut="]"
          disabled={!props.onNext}
          onClick={props.onNext}
        >
          <ChevronDown />
        </IconButton>
        <span className="tnum ml-1 text-fg3">#{record.number}</span>
        <div className="ml-auto flex items-center gap-1">
          <EditButton descriptor={descriptor} record={record} />
          {props.actions}
          {props.onExpand && (
            <IconButton label={t("records:openPage")} onClick={props.onExpand}>
              <Maximize2 />
            </IconButton>
          )}
          {menu.some((group) => group.length > 0) && (
            <Menu
              trigger={
                <IconButton label={t("records:more")} hasTooltip={false}>
                  <MoreHorizontal />
                </IconButton>
              }
              groups={menu}
            />
          )}
          {props.onClose && (
            <IconButton label={t("common:close")} shortcut="Escape" onClick={props.onClose}>
              <X />
            </IconButton>
          )}
        </div>
      </div>
      <div className="mt-2 flex items-center gap-x-3 gap-y-1 phone:flex-wrap">
        <Avatar name={record.name} kind={descriptor.avatarKind} size="lg" />
        <div className="min-w-0 flex-1">
          <div className="flex min-h-6 items-center gap-1">
            <Heading className="truncate font-semibold text-lg">{record.name}</Heading>
            {props.mark}
          </div>
          <p className="flex min-w-0 items-center gap-2 text-fg2">
            {status && (
              <span className="flex max-w-1/2 shrink-0">
                <FieldValue
                  field={status}
                  value={memberOf(record, status.name)}
                  record={record}
                  isCompact
                />
              </span>
            )}
            {descriptor.alertField && (
              <AlertBadge field={fieldOf(descriptor, descriptor.alertField)} record={record} />
            )}
            <RecordBadge descriptor={descriptor} record={record} />
            {subtitle && <span className="truncate">{subtitle}</span>}
            {props.badges}
          </p>
        </div>
        <Steps descriptor={descriptor} record={record} />
      </div>
    </header>
  );
}

/** What was done last, and what is next. */
function Steps({ descriptor, record }: Pick<RecordHeaderProps, "descriptor" | "record">) {
  const { t } = useTranslation();
  const { instant, relativeDay } = useFormat();
  const { last_activity_at: last, next_activity_at: next } = record;
  const isAwaited = fieldOf(descriptor, "next_activity_at").isAwaited?.(record) ?? false;
  return (
    <div className="flex shrink-0 flex-col items-end self-end text-xs empty:hidden phone:basis-full phone:flex-row phone:gap-4">
      {(next !== null || isAwaited) && <NextStep at={next} hasLabel />}
      {last !== null && (
        <time dateTime={last} title={instant(last)} className="text-fg3">
          {t("records:lastActivity", { when: relativeDay(last) })}
        </time>
      )}
    </div>
  );
}
