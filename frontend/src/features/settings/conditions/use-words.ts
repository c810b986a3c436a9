import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import type { Field } from "@/features/records/model";
import { type FieldOption, useOptionsOf } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { fieldsIn } from "./condition";

/** What the words of a condition are made with. */
interface Speech {
  t: TFunction;
  number: (value: number) => string;
  /** The names of the values of a field that has known ones. */
  optionsOf: (field: string) => FieldOption[];
}

const known = (name: string) => descriptors.leads.fields.find((field) => field.name === name);

function fieldWords(name: string, { t }: Speech): string {
  const field = known(name);
  return field ? t(field.label) : name;
}

function valueWords(field: string, value: unknown, speech: Speech): string {
  if (value === null) return speech.t("records:none");
  if (typeof value === "number") return speech.number(value);
  const text = String(value);
  const option = speech.optionsOf(field).find((candidate) => candidate.value === text);
  return option?.label ?? text.replace(/^@@/, "@");
}

function testWords(test: Extract<Condition, { op: string }>, speech: Speech): string {
  const { t } = speech;
  const { field, op, value } = test;
  const values = (Array.isArray(value) ? value : [value]).map((one) =>
    valueWords(field, one, speech),
  );
  const isOne = values.length === 1;
  // “Is one of” sounds odd with a single value.
  const said = isOne && op === "in" ? "eq" : isOne && op === "not_in" ? "ne" : op;
  const parts = { field: fieldWords(field, speech), op: t(`settings:op.${said}`) };
  if (value === undefined) return t("settings:condition.testAlone", parts);
  const separator = t(op === "between" ? "settings:condition.until" : "records:listSeparator");
  return t("settings:condition.test", { ...parts, value: values.join(separator) });
}

function inner(condition: Condition, speech: Speech): string {
  const text = wordsOf(condition, speech);
  const isGroup = "and" in condition || "or" in condition;
  return isGroup ? speech.t("settings:condition.group", { text }) : text;
}

function wordsOf(condition: Condition, speech: Speech): string {
  const { t } = speech;
  const join = (parts: Condition[], word: string) =>
    parts.map((part) => inner(part, speech)).join(word);
  if ("and" in condition) return join(condition.and, t("settings:condition.and"));
  if ("or" in condition) return join(condition.or, t("settings:condition.or"));
  if ("not" in condition) {
    return t("settings:condition.not", { text: wordsOf(condition.not, speech) });
  }
  if ("any" in condition) {
    return t("settings:condition.anyOf", {
      field: fieldWords(condition.field, speech),
      text: wordsOf(condition.any, speech),
    });
  }
  return testWords(condition, speech);
}

/** Says conditions in words; those that are to be said are given, so that their values have names. */
export function useWords(conditions: (Condition | null)[]) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const names = [...new Set(conditions.flatMap(fieldsIn))];
  const fields = names.map(known).filter((field): field is Field => field !== undefined);
  const options = useOptionsOf(fields);
  const optionsOf = (name: string) =>
    options[fields.findIndex((field) => field.name === name)] ?? [];
  return (condition: Condition | null): string =>
    condition === null || Object.keys(condition).length === 0
      ? t("settings:condition.always")
      : wordsOf(condition, { t, number, optionsOf });
}
