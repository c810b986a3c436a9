import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { Waves } from "lucide-react";
import { leadStatusesQuery, sourcesQuery } from "@/api/configuration";
import type {
  Address,
  AnyRecord,
  Birthday,
  ContactEmail,
  ContactPhone,
  CustomerLink,
  ExternalKey,
  Money,
  Opportunity,
  Utm,
} from "@/api/types";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { countryName, languageName } from "@/lib/regions";
import { Avatar } from "@/ui/Avatar";
import { Badge, Status, Tag } from "@/ui/Badge";
import type { ColourName } from "@/ui/colours";
import { AlertBadge } from "./AlertBadge";
import { type Field, isEmptyValue, memberOf, poolOf, referenceOf } from "./model";
import { NextStep } from "./NextStep";
import type { StakeholderItem } from "./payload";
import { localName, useOptions } from "./use-options";

interface FieldValueProps {
  field: Field;
  value: unknown;
  /** The record the value is of; gives references their names. */
  record?: AnyRecord | undefined;
  /** One line, short dates; for cells and cards. */
  isCompact?: boolean;
  /** The value is the one that the record has now, so that its figure is told along. */
  isPresent?: boolean;
}

/** The value of a field as people read it. */
export function FieldValue(props: FieldValueProps) {
  const { field, value, record, isCompact = false } = props;
  if (field.kind === "pool") return <PoolValue field={field} value={value} record={record} />;
  if (field.kind === "due") return <DueValue field={field} value={value} record={record} />;
  if (isEmptyValue(value) && field.kind !== "switch") {
    const pool = field.name === "owner_id" ? poolOf(record) : null;
    return pool ? <InPool name={pool.name} /> : <Nothing />;
  }
  switch (field.kind) {
    case "alert":
      return <AlertValue field={field} record={record} />;
    case "choice":
      return (
        <ChoiceValue
          field={field}
          value={String(value)}
          record={props.isPresent ? record : undefined}
        />
      );
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
      return <PlainValue field={field} value={value} record={record} isCompact={isCompact} />;
  }
}

function Nothing() {
  const { t } = useTexts();
  return (
    <span className="text-fg3">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t("records:noValue")}</span>
    </span>
  );
}

/** Where an owner would stand: the pool of a customer that nobody owns. */
function InPool({ name }: { name: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-fg2">
      <span className="flex size-5 shrink-0 items-center justify-center">
        <Waves aria-hidden="true" className="size-4 text-fg3" />
      </span>
      <span className="truncate">{name}</span>
    </span>
  );
}

function DueValue({ field, value, record }: Omit<FieldValueProps, "isCompact">) {
  const at = typeof value === "string" ? value : null;
  const isAwaited = record !== undefined && field.isAwaited?.(record) === true;
  return at === null && !isAwaited ? <Nothing /> : <NextStep at={at} />;
}

function AlertValue({ field, record }: Pick<FieldValueProps, "field" | "record">) {
  const isAlert = field.choices?.includes(String(record && memberOf(record, field.name)));
  return record && isAlert ? <AlertBadge field={field} record={record} /> : <Nothing />;
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

function ChoiceValue({ field, value, record }: WithRecord) {
  const { t } = useTexts();
  const label = field.choices?.includes(value) ? t(`${field.choiceLabels}${value}`) : value;
  const colour = field.choiceColours?.[value];
  if (field.isBadge) return <BadgeValue {...{ field, record, label, colour }} />;
  if (colour) return <Status colour={colour}>{label}</Status>;
  return <span className="truncate">{label}</span>;
}

interface BadgeValueProps {
  field: Field;
  /** There while the value is the one it has. */
  record: AnyRecord | undefined;
  label: string;
  colour: string | undefined;
}

function BadgeValue({ field, record, label, colour }: BadgeValueProps) {
  const { number } = useFormat();
  const figure = record && field.figure?.(record);
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5">
      <Badge colour={colour as ColourName}>{label}</Badge>
      {typeof figure === "number" && <span className="tnum text-fg2">{number(figure)}</span>}
    </span>
  );
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
  const { t } = useTexts();
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
  const { t } = useTexts();
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

/** The pool a record lies in, or the one its history names. */
function PoolValue({ field, value, record }: Omit<FieldValueProps, "isCompact">) {
  const known = poolOf(record);
  const id = value ?? known?.id;
  if (typeof id !== "string") return <Nothing />;
  if (id === known?.id) return <span className="truncate">{known.name}</span>;
  return <OptionValue field={field} value={id} />;
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
  const { region, city, district, line, postcode } = address;
  // Nobody writes the country on an address at home.
  const isHome = address.country === (language === "zh-CN" ? "CN" : undefined);
  const country = address.country && !isHome ? countryName(address.country, language) : null;
  const chinese = [country, region, region === city ? null : city, district, line];
  const parts =
    language === "zh-CN"
      ? [chinese.filter(Boolean).join(""), postcode]
      : [line, district, city, region, postcode, country];
  return parts.filter(Boolean).join(language === "zh-CN" ? " " : ", ");
}

function PlainValue({ field, value, record, isCompact }: FieldValueProps) {
  const { t } = useTexts();
  const { language, number, percent, birthday } = useFormat();
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
    case "language":
      return <span>{languageName(String(value), language)}</span>;
    case "birthday":
      return <span className="tnum">{birthday(value as Birthday)}</span>;
    case "utm":
      return <Lines lines={utmLines(value as Utm, t)} />;
    case "emails":
    case "phones":
    case "customerLinks":
    case "stakeholders":
    case "externalIds":
      return <Lines lines={itemLines(field, named(value as object[], record), t)} />;
    case "longText":
      return <span className="whitespace-pre-wrap break-words">{String(value)}</span>;
    default:
      return (
        <span className={isCompact ? "truncate" : "min-w-0 break-words"}>{String(value)}</span>
      );
  }
}

/** The parts of a tagged link that say something, one a line. */
function utmLines(utm: Utm, t: TFunction): string[] {
  return Object.entries(utm).flatMap(([part, text]) =>
    text ? [`${t(`records:utm.${part}`)}: ${text}`] : [],
  );
}

/** The items with the names that the record they are of knows; its history only keeps their ids. */
function named(items: object[], record: AnyRecord | undefined): never[] {
  const known = new Map<unknown, string | null | undefined>(
    record && "contacts" in record
      ? record.contacts.map((item) => [item.contact_id, item.name])
      : record && "customers" in record
        ? record.customers.map((link) => [link.customer_id, link.name])
        : [],
  );
  const idOf = (item: Partial<CustomerLink & StakeholderItem>) =>
    item.contact_id ?? item.customer_id;
  return items.map((item) => ({ name: known.get(idOf(item)), ...item })) as never[];
}

/** A list of things, one a line; more than one thing is said of each with a dot between. */
function itemLines(field: Field, value: never[], t: TFunction): string[] {
  const line = (...parts: (string | null | undefined | false)[]) =>
    parts.filter(Boolean).join(" · ");
  switch (field.kind) {
    case "emails":
      return (value as ContactEmail[]).map((item) =>
        line(item.value, item.opted_out && t("records:optedOut")),
      );
    case "customerLinks":
      return (value as CustomerLink[]).map((link) =>
        line(link.name ?? t("records:linked"), link.role),
      );
    case "stakeholders":
      return (value as Partial<StakeholderItem>[]).map((item) =>
        line(
          item.name ?? t("records:linked"),
          item.role !== "other" && t(`records:decisionRole.${item.role}`),
          item.primary && t("records:primaryMark"),
        ),
      );
    case "externalIds":
      return (value as ExternalKey[]).map((key) => `${key.system}: ${key.external_id}`);
    default:
      return (value as ContactPhone[]).map((item) => item.value);
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
