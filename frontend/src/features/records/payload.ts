import type {
  AnyRecord,
  ContactEmail,
  ContactPhone,
  CustomerLink,
  ExternalKey,
  Money,
  Opportunity,
  Stakeholder,
} from "@/api/types";
import { parseAmountInput } from "@/lib/money";
import { type Field, isEmptyValue, memberOf } from "./model";

/** Somebody with a say in a deal, as people edit them: the first to talk to is marked. */
export interface StakeholderItem extends Stakeholder {
  primary: boolean;
}

type Values = Record<string, unknown>;

/** The people of a deal; the first to talk to may be named beside the list only. */
function stakeholders(record: Partial<Opportunity>): StakeholderItem[] {
  const { contacts, primary_contact_id: primary, primary_contact: known } = record;
  const items = (contacts ?? []).map((item) => ({
    ...item,
    primary: item.contact_id === primary,
  }));
  if (!primary || items.some((item) => item.primary)) return items;
  return [
    { contact_id: primary, name: known?.name ?? null, role: "other", primary: true },
    ...items,
  ];
}

/** The value of a field as its control edits it. */
export function draftOf(record: AnyRecord | Values, field: Field): unknown {
  const value = memberOf(record as AnyRecord, field.name);
  if (field.kind !== "stakeholders") return value;
  const isEdited = Array.isArray(value) && value.some((item) => "primary" in item);
  return isEdited ? value : stakeholders(record as Partial<Opportunity>);
}

/** What somebody has written into a field: nothing where its value was calculated. */
export function writtenOf(record: AnyRecord | Values, field: Field): unknown {
  const { authorMember } = field;
  const isCalculated = authorMember && memberOf(record as AnyRecord, authorMember) !== "person";
  return isCalculated ? null : draftOf(record, field);
}

/** What is worth sending of an edited value: items nobody has filled in are dropped. */
export function withoutBlanks(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case "emails":
    case "phones":
      return ((value ?? []) as (ContactEmail | ContactPhone)[]).filter(
        (item) => item.value.trim() !== "",
      );
    case "customerLinks":
      return ((value ?? []) as CustomerLink[]).filter((link) => link.customer_id !== "");
    case "stakeholders":
      return ((value ?? []) as StakeholderItem[]).filter((item) => item.contact_id !== "");
    case "externalIds":
      return ((value ?? []) as ExternalKey[]).filter(
        (key) => key.system.trim() !== "" || key.external_id.trim() !== "",
      );
    default:
      return value;
  }
}

/** A value as the API takes it: blank list items dropped, numbers as numbers, emptiness as null. */
export function toPayload(field: Field, value: unknown): unknown {
  const kept = withoutBlanks(field, value);
  switch (field.kind) {
    case "emails":
    case "phones":
      return (kept as (ContactEmail | ContactPhone)[]).map((item) =>
        withoutDerived({ ...item, value: item.value.trim() }),
      );
    case "customerLinks":
      return (kept as CustomerLink[]).map(({ name: _name, ...link }) => link);
    case "stakeholders":
      return (kept as StakeholderItem[]).map(({ contact_id, role }) => ({ contact_id, role }));
    case "externalIds":
      return (kept as ExternalKey[]).map((key) => ({
        system: key.system.trim(),
        external_id: key.external_id.trim(),
      }));
    case "birthday":
    case "utm":
    case "address":
      return isEmptyValue(value) ? null : value;
    case "money": {
      const money = value as Money | null;
      if (!money || money.amount === "") return null;
      return { ...money, amount: parseAmountInput(money.amount) ?? money.amount };
    }
    case "tags":
      return value ?? [];
    case "switch":
      return value === true;
    default:
      if (typeof value === "string") return value.trim() === "" ? null : value.trim();
      return value ?? null;
  }
}

/** The members an edited value writes: one of the field's name, for the people of a deal two. */
export function membersOf(field: Field, value: unknown): Values {
  const members = { [field.name]: toPayload(field, value) };
  if (field.kind !== "stakeholders") return members;
  const first = ((value ?? []) as StakeholderItem[]).find(
    (item) => item.primary && item.contact_id !== "",
  );
  return { ...members, primary_contact_id: first?.contact_id ?? null };
}

/** What stands in the record as soon as an edited value is taken; lists keep the names of others. */
export function shownMembers(field: Field, value: unknown): Values {
  return { ...membersOf(field, value), [field.name]: withoutBlanks(field, value) };
}

/** A value without what makes no difference: order of members, emptiness, trailing zeros. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value === "" ? null : value;
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== null && inner !== undefined && inner !== "")
    .map(([name, inner]) => [name, name === "amount" ? String(Number(inner)) : tidy(inner)])
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** Whether two values of a member say the same. */
export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(tidy(one) ?? null) === JSON.stringify(tidy(other) ?? null);
}

/** The members that an edited value changes in a record; a merge patch of one field. */
export function changesOf(field: Field, record: AnyRecord, value: unknown): Values {
  const before = membersOf(field, writtenOf(record, field));
  return Object.fromEntries(
    Object.entries(membersOf(field, value)).filter(
      ([name, payload]) => !sameValue(payload, before[name]),
    ),
  );
}

/** The server works the E.164 form out itself and refuses to be told. */
function withoutDerived(item: ContactEmail | ContactPhone): object {
  const { e164: _e164, ...writable } = item as ContactPhone;
  return writable;
}

/** The body that creates a record from a form; empty fields are left out. */
export function createPayload(fields: Field[], values: Values): Values {
  const body: Values = {};
  for (const field of fields) {
    const value = draftOf(values, field);
    if (isEmptyValue(value)) continue;
    for (const [name, payload] of Object.entries(membersOf(field, value))) {
      if (!isEmptyValue(payload)) body[name] = payload;
    }
  }
  return body;
}
