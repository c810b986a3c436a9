import type { ContactEmail, ContactPhone, CustomerLink, Money } from "@/api/types";
import { parseAmountInput } from "@/lib/money";
import { type Field, isEmptyValue } from "./model";

/** A value as the API takes it: blank list items dropped, numbers as numbers, emptiness as null. */
export function toPayload(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case "emails":
    case "phones":
      return ((value ?? []) as (ContactEmail | ContactPhone)[])
        .filter((item) => item.value.trim() !== "")
        .map((item) => withoutDerived({ ...item, value: item.value.trim() }));
    case "customerLinks":
      return ((value ?? []) as CustomerLink[])
        .filter((link) => link.customer_id !== "")
        .map(({ name: _name, ...link }) => link);
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

/** The server works the E.164 form out itself and refuses to be told. */
function withoutDerived(item: ContactEmail | ContactPhone): object {
  const { e164: _e164, ...writable } = item as ContactPhone;
  return writable;
}

/** The body that creates a record from a form; empty fields are left out. */
export function createPayload(
  fields: Field[],
  values: Record<string, unknown>,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined || isEmptyValue(value)) continue;
    const payload = toPayload(field, value);
    if (!isEmptyValue(payload)) body[field.name] = payload;
  }
  return body;
}
