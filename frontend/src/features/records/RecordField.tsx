import { useTranslation } from "react-i18next";
import type { AnyRecord } from "@/api/types";
import { FormField } from "@/ui/FormField";
import { FieldEditor, isGroup } from "./FieldEditor";
import type { Field } from "./model";
import { draftOf } from "./payload";

type Values = Record<string, unknown>;

/** What the server says about one field, by the part of its value: `""` is the whole, `1.value` a part. */
export type FieldFaults = Record<string, string>;

/** The faults of one field among those of all. */
export function faultsOf(field: Field, errors: Record<string, string>): FieldFaults {
  const names = field.kind === "stakeholders" ? [field.name, "primary_contact_id"] : [field.name];
  return Object.fromEntries(
    Object.entries(errors).flatMap(([path, text]) => {
      const name = names.find((own) => path === own || path.startsWith(`${own}.`));
      return name === undefined ? [] : [[path.slice(name.length + 1), text]];
    }),
  );
}

interface RecordFieldProps {
  field: Field;
  /** The record as edited so far; also gives references their names. */
  values: Values;
  faults: FieldFaults;
  onChange: (value: unknown) => void;
}

/** A field of a form with its label, its control and what the server has against it. */
export function RecordField({ field, values, faults, onChange }: RecordFieldProps) {
  const { t } = useTranslation();
  const label = t(field.label);
  const texts = [...new Set(Object.values(faults))];
  return (
    <div
      data-field={field.name}
      data-faulty={texts.length > 0 || undefined}
      className={field.isWide ? "col-span-full" : undefined}
    >
      <FormField
        label={label}
        required={field.isRequired === true}
        error={texts.length > 0 ? texts.join(" ") : undefined}
        isGroup={isGroup(field)}
      >
        {(control) => (
          <FieldEditor
            field={field}
            label={label}
            control={control}
            value={draftOf(values, field)}
            record={values as unknown as AnyRecord}
            refused={new Set(Object.keys(faults))}
            onChange={onChange}
          />
        )}
      </FormField>
    </div>
  );
}
