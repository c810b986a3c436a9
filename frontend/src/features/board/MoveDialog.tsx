import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Opportunity } from "@/api/types";
import { opportunities } from "@/features/records/descriptors/opportunities";
import { type Field, isEmptyValue } from "@/features/records/model";
import { toPayload, withoutBlanks } from "@/features/records/payload";
import { RecordField } from "@/features/records/RecordField";
import { localName, useOptions } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormField } from "@/ui/FormField";
import { RadioGroup } from "@/ui/Radio";
import { Textarea } from "@/ui/Textarea";
import type { MoveAnswers, MoveQuestion } from "./use-move";

interface MoveDialogProps {
  question: MoveQuestion;
  busy: boolean;
  onAnswer: (answers: MoveAnswers) => void;
  onCancel: () => void;
}

const FIELDS = "fields.";

/** A required field as the form draws it; one that records do not show is a line of text. */
function fieldFor(name: string): Field {
  const plain = name.replace(FIELDS, "");
  const known = opportunities.fields.find((field) => field.name === plain);
  return known ?? { name: plain, label: `records:field.${plain}`, kind: "text" };
}

/** Where a card stands on the board, once it has moved or stayed. */
const cardSelector = ({ id }: Opportunity) => `[data-board-card="${CSS.escape(id)}"]`;

/** What a stage wants to know before a card may enter: why it was lost, why again, or some fields. */
export function MoveDialog({ question, busy, onAnswer, onCancel }: MoveDialogProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const form = useId();
  const { card, stage, names } = question;
  const [answers, setAnswers] = useState<Record<string, unknown>>({});
  const [isChecked, setChecked] = useState(false);
  const set = (name: string) => (value: unknown) =>
    setAnswers((old) => ({ ...old, [name]: value }));
  const asksNote = answers.lost_reason === "other";
  const required = names.filter((name) => name !== "lost_note" || asksNote);
  const isMissing = (name: string) => isEmptyValue(withoutBlanks(fieldFor(name), answers[name]));
  const errorOf = (name: string) =>
    isChecked && required.includes(name) && isMissing(name)
      ? t("board:required")
      : question.errors[name];

  function submit(event: FormEvent) {
    event.preventDefault();
    // A dialog is inside the page for React, so the submit would reach forms further up.
    event.stopPropagation();
    setChecked(true);
    if (required.some(isMissing)) return;
    onAnswer(requestOf(names, answers));
  }

  return (
    <Dialog
      open
      onOpenChange={onCancel}
      finalFocus={() => document.querySelector<HTMLElement>(cardSelector(card))}
      size="sm"
      title={t(`board:ask.${stage.category}`, { stage: localName(stage, language) })}
      description={card.name}
      footer={
        <>
          <Button onClick={onCancel}>{t("common:cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={busy}>
            {t(`board:confirm.${stage.category}`)}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {names.includes("lost_reason") && (
          <LostReason
            value={(answers.lost_reason as string | undefined) ?? null}
            onChange={set("lost_reason")}
            error={errorOf("lost_reason")}
          />
        )}
        {names.includes("lost_note") && (
          <FormField
            label={t("records:field.lost_note")}
            required={asksNote}
            error={errorOf("lost_note")}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={2}
                value={(answers.lost_note as string | undefined) ?? ""}
                onChange={(event) => set("lost_note")(event.target.value)}
              />
            )}
          </FormField>
        )}
        {names.includes("reason") && (
          <FormField label={t("board:reopenReason")} required error={errorOf("reason")}>
            {(control) => (
              <Textarea
                {...control}
                rows={2}
                value={(answers.reason as string | undefined) ?? ""}
                onChange={(event) => set("reason")(event.target.value)}
              />
            )}
          </FormField>
        )}
        {names
          .filter((name) => name.startsWith(FIELDS))
          .map((name) => (
            <RequiredField
              key={name}
              card={card}
              field={fieldFor(name)}
              value={answers[name] ?? null}
              onChange={set(name)}
              error={errorOf(name)}
            />
          ))}
      </form>
    </Dialog>
  );
}

function requestOf(names: string[], answers: Record<string, unknown>): MoveAnswers {
  const request: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const value = answers[name];
    if (isEmptyValue(value)) continue;
    const field = fieldFor(name);
    if (name.startsWith(FIELDS)) fields[field.name] = toPayload(field, value);
    else request[name] = value;
  }
  return { ...request, ...(Object.keys(fields).length > 0 && { fields }) };
}

interface LostReasonProps {
  value: string | null;
  onChange: (value: string) => void;
  error: string | undefined;
}

function LostReason({ value, onChange, error }: LostReasonProps) {
  const { t } = useTranslation();
  const options = useOptions(fieldFor("lost_reason"));
  return (
    <div>
      <RadioGroup
        label={t("records:field.lost_reason")}
        value={value ?? ""}
        onChange={onChange}
        options={options.map(({ value: key, label }) => ({ value: key, label }))}
        className="grid grid-cols-2 gap-x-3 gap-y-0"
      />
      {error && (
        <p role="alert" className="text-danger text-xs">
          {error}
        </p>
      )}
    </div>
  );
}

interface RequiredFieldProps {
  card: Opportunity;
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  error: string | undefined;
}

function RequiredField({ card, field, value, onChange, error }: RequiredFieldProps) {
  return (
    <RecordField
      field={{ ...field, isRequired: true }}
      values={{ ...card, primary_contact_id: null, [field.name]: value }}
      faults={error === undefined ? {} : { "": error }}
      onChange={onChange}
    />
  );
}
