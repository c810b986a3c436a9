import { Problem } from "@/api/problem";
import type { Condition } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import { type Field, fieldOf } from "@/features/records/model";
import { parseAmountInput } from "@/lib/money";

/** What the editor can ask a field. */
export type Kind = "text" | "options" | "number" | "tags";

/** A line of the editor: one test of one field, its values as people type them. */
export interface Line {
  field: string;
  op: string;
  values: string[];
}

/** A part of a condition, with a key that stays with it while others come and go. */
export interface Part {
  key: number;
  node: Condition;
}

/** A condition as it is edited: parts of which all must hold, or any. */
export interface Draft {
  join: "and" | "or";
  parts: Part[];
}

/** The fields a rule may well ask about: what is known of a lead when it comes in. */
const OFFERED = [
  "source",
  "region",
  "city",
  "industry",
  "company_name",
  "title",
  "interest",
  "tags",
  "estimated_amount",
  "employees",
  "rating",
  "score",
  "status",
  "email",
  "phone",
];

const KINDS: Partial<Record<Field["kind"], Kind>> = {
  text: "text",
  longText: "text",
  email: "text",
  phone: "text",
  choice: "options",
  source: "options",
  leadStatus: "options",
  integer: "number",
  money: "number",
  tags: "tags",
};

const OPS: Record<Kind, readonly string[]> = {
  text: ["in", "not_in", "contains", "not_contains", "starts_with", "ends_with"],
  options: ["in", "not_in"],
  number: ["ge", "gt", "le", "lt", "eq", "ne"],
  tags: ["has_any", "has_all", "has_none"],
};

const EMPTINESS: Record<Kind, readonly string[]> = {
  text: ["is_empty", "is_not_empty"],
  options: ["is_null", "is_not_null"],
  number: ["is_null", "is_not_null"],
  tags: ["is_empty", "is_not_empty"],
};

const ALWAYS_FILLED = ["status", "score"];
const VALUELESS = ["is_null", "is_not_null", "is_empty", "is_not_empty"];
const LISTS = ["in", "not_in", "has_any", "has_all", "has_none"];

/** Every field a condition can be edited about, in the order they are offered. */
export const offeredFields: Field[] = OFFERED.map((name) => fieldOf(descriptors.leads, name));

/** The same without what comes of scoring: a rule that scores may not ask about it. */
export const givenFields: Field[] = offeredFields.filter(
  ({ name }) => name !== "rating" && name !== "score",
);

/** What kind of test a field takes; null for one the editor does not offer. */
export function kindOf(name: string): Kind | null {
  const field = offeredFields.find((candidate) => candidate.name === name);
  return (field && KINDS[field.kind]) ?? null;
}

/** The tests a field offers. */
export function opsOf(name: string): string[] {
  const kind = kindOf(name);
  if (!kind) return [];
  return [...OPS[kind], ...(ALWAYS_FILLED.includes(name) ? [] : EMPTINESS[kind])];
}

/** Whether a test is against several values, one, or none. */
export function arityOf(op: string): "none" | "one" | "list" {
  if (VALUELESS.includes(op)) return "none";
  return LISTS.includes(op) ? "list" : "one";
}

/** A value as people read it; null for one that depends on who asks, such as `@me`. */
function fromWire(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return null;
  if (value.startsWith("@@")) return value.slice(1);
  return value.startsWith("@") ? null : value;
}

function toWire(value: string, kind: Kind | null): string | number {
  if (kind !== "number") return value.startsWith("@") ? `@${value}` : value;
  const number = parseAmountInput(value);
  return number === null || String(Number(number)) !== number ? (number ?? value) : Number(number);
}

/** Equality is a list of one where lists are offered. */
function usualOp(op: string, kind: Kind): string {
  if (kind === "number") return op;
  if (op === "eq") return kind === "tags" ? "has_any" : "in";
  return op === "ne" ? (kind === "tags" ? "has_none" : "not_in") : op;
}

/** A part as a line of the editor; null when it says more than a line can. */
export function lineOf(node: Condition): Line | null {
  if (!("op" in node)) return null;
  const kind = kindOf(node.field);
  if (!kind) return null;
  const op = usualOp(node.op, kind);
  if (!opsOf(node.field).includes(op)) return null;
  if (arityOf(op) === "none") return { field: node.field, op, values: [] };
  const values = (Array.isArray(node.value) ? node.value : [node.value]).map(fromWire);
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? { field: node.field, op, values: known } : null;
}

/** A line as a part of a condition. */
export function nodeOf({ field, op, values }: Line): Condition {
  const kind = kindOf(field);
  switch (arityOf(op)) {
    case "none":
      return { field, op };
    case "list":
      return { field, op, value: values.map((value) => toWire(value, kind)) };
    default:
      return { field, op, value: toWire(values[0] ?? "", kind) };
  }
}

/** A line asked in another way; what was typed stays where it still means something. */
export function withOp(line: Line, op: string): Line {
  const isList = arityOf(op) === "list";
  const values = arityOf(op) === "none" ? [] : isList ? line.values : line.values.slice(0, 1);
  return { ...line, op, values };
}

/** A fresh line about a field. */
export function lineAbout(field: string): Line {
  return { field, op: opsOf(field)[0] ?? "in", values: [] };
}

/** Whether a line still lacks what it compares with. */
export function isUnfinished(node: Condition): boolean {
  const line = lineOf(node);
  if (!line || arityOf(line.op) === "none") return false;
  return line.values.every((value) => value.trim() === "");
}

/** Refuses a draft with a line that compares with nothing, which the server would take at its word. */
export function refuseUnfinished({ parts }: Draft, detail: string): void {
  if (parts.some((part) => isUnfinished(part.node))) throw refusedAtCondition(detail);
}

/** Refuses a draft without parts, where every lead may not be meant. */
export function refuseEmpty({ parts }: Draft, detail: string): void {
  if (parts.length === 0) throw refusedAtCondition(detail);
}

function refusedAtCondition(detail: string): Problem {
  return new Problem(422, {
    code: "validation_failed",
    title: detail,
    errors: [{ pointer: "/condition", detail }],
  });
}

let lastKey = 0;

/** A part with a key of its own. */
export function partOf(node: Condition): Part {
  lastKey += 1;
  return { key: lastKey, node };
}

/** A condition as it is edited. */
export function draftOf(condition: Condition | null): Draft {
  if (condition === null || Object.keys(condition).length === 0) return { join: "and", parts: [] };
  if ("and" in condition) return { join: "and", parts: condition.and.map(partOf) };
  if ("or" in condition) return { join: "or", parts: condition.or.map(partOf) };
  return { join: "and", parts: [partOf(condition)] };
}

/** The condition that was edited; without parts it fits every lead. */
export function conditionOf({ join, parts }: Draft): Condition | null {
  const nodes = parts.map((part) => part.node);
  const [first] = nodes;
  if (first === undefined) return null;
  if (nodes.length === 1) return first;
  return join === "and" ? { and: nodes } : { or: nodes };
}

/** The names of all fields a condition asks about, without the way to them. */
export function fieldsIn(condition: Condition | null): string[] {
  if (condition === null) return [];
  if ("and" in condition) return condition.and.flatMap(fieldsIn);
  if ("or" in condition) return condition.or.flatMap(fieldsIn);
  if ("not" in condition) return fieldsIn(condition.not);
  return "field" in condition ? [condition.field] : [];
}
