import type { AnyRecord, RecordType } from "@/api/types";

/** How a field is drawn and edited. */
export type FieldKind =
  | "text"
  | "longText"
  | "email"
  | "phone"
  | "url"
  | "integer"
  | "percent"
  | "money"
  | "date"
  | "instant"
  | "due"
  | "choice"
  | "alert"
  | "switch"
  | "tags"
  | "user"
  | "record"
  | "pool"
  | "leadStatus"
  | "source"
  | "stage"
  | "address"
  | "emails"
  | "phones"
  | "customerLinks"
  | "stakeholders"
  | "externalIds"
  | "birthday"
  | "utm"
  | "language"
  | "timeZone";

/** One member of a record, as the API names it. */
export interface Field {
  name: string;
  /** A translation key. */
  label: string;
  kind: FieldKind;
  /** The values of a choice and the key their labels start with, `records:level.` */
  choices?: readonly string[];
  choiceLabels?: string;
  /** Colours of the values that deserve a dot. */
  choiceColours?: Record<string, string>;
  /** What a value means in the filter language, where the API calculates it and has no field to filter by. */
  conditions?: Record<string, string>;
  /** Draws a value as a badge. */
  isBadge?: boolean;
  /** A number that is told along with the value, where there is one. */
  figure?: (record: AnyRecord) => number | null;
  /** The member that says whose word the value is: what is not a `person`’s was calculated, and nobody has set it. */
  authorMember?: string;
  /** How having no value is called among the choices; a translation key. */
  emptyLabel?: string;
  /** Since or until when a value holds: the member with that moment, and the key of how it is told. */
  moments?: Record<string, { member: string; label: string }>;
  /** What a `record` field points at. */
  target?: RecordType;
  /** Kept by the server; shown, never edited. */
  isReadOnly?: boolean;
  /** A record cannot be created without it. */
  isRequired?: boolean;
  /** Always has a value, so that none cannot be chosen. */
  isNeverEmpty?: boolean;
  /** Takes the whole width of a form. */
  isWide?: boolean;
  /** Seldom filled in: always in the form, among the facts only with a value. */
  isRare?: boolean;
  /** Whether a record ought to have a value, so that a missing one is told. */
  isAwaited?: (record: AnyRecord) => boolean;
  /** Whether it means anything for a record, such as why a deal was lost. */
  appliesTo?: (record: AnyRecord) => boolean;
}

/** A column of the list. */
export interface ColumnSpec {
  field: string;
  width: number;
  /** The name the server sorts by. */
  sortKey?: string;
  isHiddenAtFirst?: boolean;
}

/** A tab above the list: a filter in the filter language. */
export interface ViewSpec {
  id: string;
  label: string;
  filter?: string;
  /** Its own order, where it has one. */
  sort?: string;
  /** Columns that it shows at first though the list does not, or hides though the list shows them. */
  shows?: string[];
  hides?: string[];
  /** What it says when nothing is in it; a translation key. */
  empty?: string;
}

/** Records of another type that point at this one. */
export interface RelatedSpec {
  type: RecordType;
  /** A translation key. */
  label: string;
  /** The filter that finds them; `$id` stands for this record. */
  filter: string;
  /** What a new one starts with. */
  preset: (record: AnyRecord) => Record<string, unknown>;
}

/** Everything the generic pages need to know about one type of record. */
export interface Descriptor {
  type: RecordType;
  /** Its name in permissions and search results, `lead`. */
  singular: "customer" | "contact" | "lead" | "opportunity";
  fields: Field[];
  columns: ColumnSpec[];
  /** The fields to filter by, with counts. */
  facets: readonly string[];
  views: ViewSpec[];
  sections: { label: string; fields: string[] }[];
  /** What a new record starts with. */
  defaults: Record<string, unknown>;
  /** The few fields of the quick create dialog. */
  quick: string[];
  related: RelatedSpec[];
  defaultSort: string;
  /** The money field summed under the list and shown on cards. */
  amountField?: string;
  /** The field shown as a dot and a name on cards and in headers. */
  statusField?: string;
  /** The field that says whether something about a record should not be so, shown as a badge. */
  alertField?: string;
  /** The field shown as a badge on cards and in headers, where it has a value. */
  badgeField?: string;
  /** The only fields of a closed record that can still be changed; null for an open one. */
  openFields?: (record: AnyRecord) => readonly string[] | null;
  /** A quiet second line under the name. */
  subtitle: (record: AnyRecord) => string | null;
  avatarKind: "person" | "company";
}

/** The field of a name; fields are declared, so a wrong name is a mistake in the code. */
export function fieldOf(descriptor: Descriptor, name: string): Field {
  const field = descriptor.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`${descriptor.type} has no field ${name}`);
  return field;
}

/** The view of an id. */
export function viewOf(descriptor: Descriptor, id: string): ViewSpec | undefined {
  return descriptor.views.find((view) => view.id === id);
}

/** The order a view has before somebody chooses another. */
export function sortIn(descriptor: Descriptor, view: string): string {
  return viewOf(descriptor, view)?.sort ?? descriptor.defaultSort;
}

/** Goes to another view; an order somebody chose goes along. */
export function toView(
  descriptor: Descriptor,
  from: { view: string; sort: string },
  view: string,
): { view: string; sort: string } {
  const isChosen = from.sort !== sortIn(descriptor, from.view);
  return { view, sort: isChosen ? from.sort : sortIn(descriptor, view) };
}

/** Where the arrangement of the columns of a view is kept, and which are hidden until somebody arranges them. */
export function columnsIn(descriptor: Descriptor, id: string): { name: string; hidden: string[] } {
  const { shows = [], hides = [] } = viewOf(descriptor, id) ?? {};
  const isOwn = shows.length + hides.length > 0;
  return {
    name: isOwn ? `${descriptor.type}.${id}` : descriptor.type,
    hidden: descriptor.columns
      .filter(
        ({ field, isHiddenAtFirst }) =>
          hides.includes(field) || (isHiddenAtFirst && !shows.includes(field)),
      )
      .map(({ field }) => field),
  };
}

/** The pool a record lies in; only customers do. */
export function poolOf(record: AnyRecord | undefined): { id: string; name: string } | null {
  return record && "pool" in record ? record.pool : null;
}

/** The condition of a built-in view; views are declared, so a wrong name is a mistake in the code. */
export function viewFilter(descriptor: Descriptor, id: string): string {
  const filter = viewOf(descriptor, id)?.filter;
  if (filter === undefined) throw new Error(`${descriptor.type} has no filtered view ${id}`);
  return filter;
}

/** Reads a member of a record by its name. */
export function memberOf(record: AnyRecord, name: string): unknown {
  return (record as unknown as Record<string, unknown>)[name] ?? null;
}

/** The record a reference points at, as the server sent it along: `customer` of `customer_id`. */
export function referenceOf(record: AnyRecord, field: Field): { id: string; name: string } | null {
  const value = memberOf(record, field.name.replace(/_id$/, ""));
  return typeof value === "object" ? (value as { id: string; name: string } | null) : null;
}

/** Whether a field of this very record may be changed. */
export function isEditable(descriptor: Descriptor, record: AnyRecord, field: Field): boolean {
  if (field.isReadOnly || !record.can.edit) return false;
  return descriptor.openFields?.(record)?.includes(field.name) ?? true;
}

/** The groups of fields that mean anything for a record; those of a new one, without it. */
export function sectionsOf(descriptor: Descriptor, record?: AnyRecord) {
  return descriptor.sections
    .map(({ label, fields }) => ({
      label,
      fields: fields
        .map((name) => fieldOf(descriptor, name))
        .filter((field) => field.appliesTo?.(record ?? ({} as AnyRecord)) ?? true),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** Whether nothing worth showing is in a value. */
export function isEmptyValue(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  return Object.values(value).every((inner) => isEmptyValue(inner));
}
