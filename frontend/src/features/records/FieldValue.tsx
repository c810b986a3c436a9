import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { leadStatusesQuery, sourcesQuery } from "@/api/configuration";
import type {
  Address,
  AnyRecord,
  ContactEmail,
  ContactPhone,
  CustomerLink,
  Money,
  Opportunity,
} from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { Status, Tag } from "@/ui/Badge";
import { type Field, isEmptyValue, referenceOf } from "./model";
import { localName, useOptions } from "./use-options";

interface FieldValueProps {
  field: Field;
  value: unknown;
  /** The record the value is of; gives references their names. */
  record?: AnyRecord | undefined;
  /** One line, short dates; for cells and cards. */
  isCompact?: boolean;
}

/** The value of a field as people read it. */
export function FieldValue({ field, value, record, isCompact = false }: FieldValueProps) {
  if (isEmptyValue(value) && field.kind !== "switch") return <Nothing />;
  switch (field.kind) {
    case "choice":
      return <ChoiceValue field={field} value={String(value)} />;
    case "leadStatus":
      return <LeadStatusValue status={String(value)} />;
    case "source":
      return <SourceValue source={String(value)} />;
    case "stage":
      return <StageValue field={field} value={String(value)} record={record} />;
    case "user":
      return <UserValue field={field} value={String(value)} record={record} />;
    case "record":
      return <RecordValue field={field} value={String(value)} record={record} />;
    case "tags":
      return <TagsValue tags={value as string[]} />;
    case "money":
      return <MoneyText money={value as Money} />;
    case "date":
    case "instant":
      return <TimeValue kind={field.kind} value={String(value)} isCompact={isCompact} />;
    default:
      return <PlainValue field={field} value={value} isCompact={isCompact} />;
  }
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <span className="text-fg3">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t("records:noValue")}</span>
    </span>
  );
}

function MoneyText({ money }: { money: Money }) {
  const format = useFormat();
  return <span className="tnum">{format.money(money)}</span>;
}

function OptionValue({ field, value }: { field: Field; value: string }) {
  const option = useOptions(field).find((candidate) => candidate.value === value);
  const label = option?.label ?? value;
  if (option?.colour) return <Status colour={option.colour}>{label}</Status>;
  return <span className="truncate">{label}</span>;
}

// A list draws hundreds of these, so each asks for no more than it shows.

function ChoiceValue({ field, value }: { field: Field; value: string }) {
  const { t } = useTranslation();
  const label = field.choices?.includes(value) ? t(`${field.choiceLabels}${value}`) : value;
  const colour = field.choiceColours?.[value];
  if (colour) return <Status colour={colour}>{label}</Status>;
  return <span className="truncate">{label}</span>;
}

function LeadStatusValue({ status }: { status: string }) {
  const { language } = useFormat();
  const known = useQuery(leadStatusesQuery()).data?.find((candidate) => candidate.key === status);
  if (!known) return <span className="truncate">{status}</span>;
  return <Status colour={known.color}>{localName(known, language)}</Status>;
}

function SourceValue({ source }: { source: string }) {
  const { language } = useFormat();
  const known = useQuery(sourcesQuery()).data?.find((candidate) => candidate.key === source);
  return <span className="truncate">{known ? localName(known, language) : source}</span>;
}

interface WithRecord {
  field: Field;
  value: string;
  record: AnyRecord | undefined;
}

function StageValue({ field, value, record }: WithRecord) {
  const stage = record ? (record as Opportunity).stage : undefined;
  if (stage?.id === value) return <Status colour={stage.color}>{stage.name}</Status>;
  return <OptionValue field={field} value={value} />;
}

function UserValue({ field, value, record }: WithRecord) {
  const known = record ? referenceOf(record, field) : null;
  if (known?.id === value) return <Person name={known.name} />;
  return <LookedUpUser field={field} value={value} />;
}

function LookedUpUser({ field, value }: { field: Field; value: string }) {
  const { t } = useTranslation();
  const person = useOptions(field).find((option) => option.value === value);
  return <Person name={person?.label ?? t("records:someone")} />;
}

function Person({ name }: { name: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Avatar name={name} />
      <span className="truncate">{name}</span>
    </span>
  );
}

function RecordValue({ field, value, record }: WithRecord) {
  const { t } = useTranslation();
  const known = record ? referenceOf(record, field) : null;
  const name = known && known.id === value ? known.name : t("records:linked");
  return <span className="truncate">{name}</span>;
}

function TagsValue({ tags }: { tags: string[] }) {
  return (
    <span className="flex min-w-0 flex-wrap gap-1">
      {tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
    </span>
  );
}

interface TimeValueProps {
  kind: "date" | "instant";
  value: string;
  isCompact: boolean;
}

function TimeValue({ kind, value, isCompact }: TimeValueProps) {
  const format = useFormat();
  const full = kind === "date" ? format.date(value) : format.instant(value);
  const text = isCompact && kind === "instant" ? format.relativeDay(value) : full;
  return (
    <time dateTime={value} title={full} className="tnum truncate">
      {text}
    </time>
  );
}

/** An address on one line, in the order the language writes it. */
export function addressText(address: Address, language: "zh-CN" | "en"): string {
  const { country, region, city, district, line, postcode } = address;
  const chinese = [region, region === city ? null : city, district, line];
  const parts =
    language === "zh-CN"
      ? [chinese.filter(Boolean).join(""), postcode]
      : [line, district, city, region, postcode, country];
  return parts.filter(Boolean).join(language === "zh-CN" ? " " : ", ");
}

function PlainValue({ field, value, isCompact }: FieldValueProps) {
  const { t } = useTranslation();
  const { language, number, percent } = useFormat();
  switch (field.kind) {
    case "integer":
      return (
        <span className="tnum">
          {field.name === "number" ? `#${value}` : number(Number(value))}
        </span>
      );
    case "percent":
      return <span className="tnum">{percent(Number(value))}</span>;
    case "switch":
      return <span>{value ? t("records:yes") : t("records:no")}</span>;
    case "address":
      return <span>{addressText(value as Address, language)}</span>;
    case "emails":
    case "phones":
      return <Lines lines={(value as (ContactEmail | ContactPhone)[]).map((item) => item.value)} />;
    case "customerLinks":
      return (
        <Lines
          lines={(value as CustomerLink[]).map((link) =>
            [link.name ?? t("records:linked"), link.role].filter(Boolean).join(" · "),
          )}
        />
      );
    case "longText":
      return <span className="whitespace-pre-wrap break-words">{String(value)}</span>;
    default:
      return (
        <span className={isCompact ? "truncate" : "min-w-0 break-words"}>{String(value)}</span>
      );
  }
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <span className="flex min-w-0 flex-col">
      {lines.map((line) => (
        <span key={line} className="break-words">
          {line}
        </span>
      ))}
    </span>
  );
}
