import type { ConvertedKind } from "@/api/conversion";
import type { ContactEmail, ContactPhone } from "@/api/types";
import type { Field } from "@/features/records/model";
import { isEmptyValue } from "@/features/records/model";
import { toPayload } from "@/features/records/payload";

/** Values by the names of the form; an address member is `address.city`. */
export type Values = Record<string, unknown>;

const text = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: `records:field.${name}`,
  kind: "text",
  ...more,
});

/** The fields the dialog shows of each record; the first three always, the rest when asked for. */
export const conversionFields: Record<ConvertedKind, Field[]> = {
  customer: [
    text("name", { isRequired: true }),
    text("phone", { kind: "phone" }),
    text("industry"),
    text("email", { kind: "email" }),
    text("website", { kind: "url" }),
    text("employees", { kind: "integer" }),
    text("address.region", { label: "records:field.region" }),
    text("address.city", { label: "records:field.city" }),
    text("address.line", { label: "records:field.address_line" }),
  ],
  contact: [
    text("family_name"),
    text("given_name"),
    text("phone", { kind: "phone" }),
    text("email", { kind: "email" }),
    text("job_title"),
    text("department"),
  ],
  opportunity: [
    text("name", { isRequired: true }),
    text("amount", { kind: "money" }),
    text("expected_close_on", { kind: "date" }),
    text("next_step"),
    text("description", { kind: "longText" }),
  ],
};

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? ((value as Record<string, unknown>)[name] ?? null)
    : null;
}

function primary(list: unknown): string | null {
  if (!Array.isArray(list)) return null;
  const items = list as (ContactEmail | ContactPhone)[];
  return (items.find((item) => item.primary) ?? items[0])?.value ?? null;
}

/** Reads a field off what the server proposes, which may nest addresses and list e-mails. */
export function proposedValue(proposed: Record<string, unknown>, name: string): unknown {
  if (name in proposed) return proposed[name] ?? null;
  const [outer = "", inner] = name.split(".");
  if (inner !== undefined) return member(proposed[outer], inner);
  if (name === "email") return primary(proposed.emails);
  if (name === "phone") return primary(proposed.phones);
  return null;
}

/** What the form of a record starts with. */
export function proposedValues(
  kind: ConvertedKind,
  proposed: Record<string, unknown> | null | undefined,
): Values {
  if (!proposed) return {};
  return Object.fromEntries(
    conversionFields[kind].map((field) => [field.name, proposedValue(proposed, field.name)]),
  );
}

/** Whether two values say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (isEmptyValue(one) && isEmptyValue(other)) return true;
  return JSON.stringify(one) === JSON.stringify(other);
}

function listed(kind: ConvertedKind, name: string, value: unknown): [string, unknown] {
  if (kind !== "contact" || (name !== "email" && name !== "phone")) return [name, value];
  const item = { kind: name === "email" ? "work" : "mobile", value, primary: true };
  return [`${name}s`, isEmptyValue(value) ? [] : [item]];
}

/** The `fields` of the request: the values that differ from what the server would take by itself. */
export function fieldsPayload(kind: ConvertedKind, proposed: Values, values: Values): Values {
  const body: Values = {};
  for (const field of conversionFields[kind]) {
    const value = values[field.name];
    if (value === undefined || isSame(value, proposed[field.name])) continue;
    const [name, payload] = listed(kind, field.name, toPayload(field, value));
    const [outer = "", inner] = name.split(".");
    if (inner === undefined) body[name] = payload;
    else body[outer] = { ...(body[outer] as Values | undefined), [inner]: payload };
  }
  return body;
}
