import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Popover } from "@/ui/Popover";
import { Select } from "@/ui/Select";
import type { BulkChange } from "./bulk";
import { FieldEditor } from "./FieldEditor";
import type { Descriptor, Field } from "./model";
import { toPayload, writtenOf } from "./payload";

const SETTABLE: Field["kind"][] = ["choice", "leadStatus", "source", "date"];

/** Fields whose value many records may share, whatever else is true of them. */
function sharedFields({ fields, facets }: Descriptor): Field[] {
  return fields.filter(
    ({ name, kind, isReadOnly, appliesTo }) =>
      !isReadOnly &&
      !appliesTo &&
      (SETTABLE.includes(kind) || (kind === "text" && facets.includes(name))),
  );
}

interface BulkFieldProps {
  descriptor: Descriptor;
  onChange: (change: BulkChange) => void;
}

/** Gives one field of many records the same value. */
export function BulkField({ descriptor, onChange }: BulkFieldProps) {
  const { t } = useTranslation();
  const fields = sharedFields(descriptor);
  const [field, setField] = useState(fields[0]);
  const [value, setValue] = useState<unknown>(null);
  if (!field) return null;
  const payload = toPayload(field, value);
  const { name } = field;
  return (
    <Popover
      label={t("bulk:set")}
      className="flex w-72 flex-col gap-3 p-3"
      trigger={<Button variant="ghost">{t("bulk:set")}</Button>}
    >
      <FormField label={t("bulk:field")}>
        {(control) => (
          <Select
            {...control}
            value={field.name}
            onChange={(chosen) => {
              setField(fields.find((candidate) => candidate.name === chosen));
              setValue(null);
            }}
            options={fields.map((option) => ({ value: option.name, label: t(option.label) }))}
          />
        )}
      </FormField>
      <FormField label={t("bulk:value")}>
        {(control) => (
          <FieldEditor
            key={field.name}
            field={field}
            label={t(field.label)}
            control={control}
            value={value}
            onChange={setValue}
          />
        )}
      </FormField>
      <Button
        variant="primary"
        className="self-end"
        disabled={payload === null && field.isNeverEmpty === true}
        onClick={() =>
          onChange({
            kind: "update",
            members: [name, ...(field.authorMember ? [field.authorMember] : [])],
            make: () => ({ [name]: payload }),
            undo: (target) => ({ [name]: writtenOf(target, field) }),
          })
        }
      >
        {payload === null ? t("bulk:clearField") : t("bulk:setField")}
      </Button>
    </Popover>
  );
}
