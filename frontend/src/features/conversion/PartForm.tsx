import { ArrowRight, ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversionConflict, ConvertedKind } from "@/api/conversion";
import type { AnyRecord } from "@/api/types";
import { FieldEditor } from "@/features/records/FieldEditor";
import { FieldValue } from "@/features/records/FieldValue";
import { type Field, isEmptyValue } from "@/features/records/model";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { IconButton } from "@/ui/IconButton";
import { conversionFields, isSame, type Values } from "./fields";

const SHOWN: Record<ConvertedKind, number> = { customer: 3, contact: 4, opportunity: 3 };

interface CreateFormProps {
  kind: ConvertedKind;
  values: Values;
  /** What the lead says. */
  proposed: Values;
  errors: Record<string, string>;
  onChange: (name: string, value: unknown) => void;
  /** Further fields, such as pipeline and stage. */
  children?: ReactNode;
}

/** The fields of a record to be created, filled in from the lead. */
export function CreateForm(props: CreateFormProps) {
  const { kind, values, proposed, errors, onChange } = props;
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const fields = conversionFields[kind];
  const shown = fields.filter(
    (field, index) =>
      isOpen ||
      index < SHOWN[kind] ||
      errors[field.name] !== undefined ||
      !isEmptyValue(proposed[field.name]),
  );
  return (
    <div className="flex flex-col gap-2.5">
      {shown.map((field) => (
        <FormField
          key={field.name}
          label={t(field.label)}
          required={field.isRequired ?? false}
          error={errors[field.name]}
        >
          {(control) => (
            <div className="flex items-start gap-1">
              <div className="min-w-0 flex-1">
                <FieldEditor
                  field={field}
                  label={t(field.label)}
                  value={values[field.name] ?? null}
                  onChange={(value) => onChange(field.name, value)}
                  control={control}
                />
              </div>
              {!isSame(values[field.name], proposed[field.name]) &&
                !isEmptyValue(proposed[field.name]) && (
                  <IconButton
                    label={t("conversion:takeFromLead", { field: t(field.label) })}
                    onClick={() => onChange(field.name, proposed[field.name])}
                  >
                    <ArrowRight />
                  </IconButton>
                )}
            </div>
          )}
        </FormField>
      ))}
      {props.children}
      {shown.length < fields.length && (
        <Button
          variant="ghost"
          size="sm"
          className="self-start"
          icon={<ChevronDown className="size-4" />}
          onClick={() => setOpen(true)}
        >
          {t("conversion:moreFields")}
        </Button>
      )}
    </div>
  );
}

interface ConflictsProps {
  kind: ConvertedKind;
  conflicts: ConversionConflict[];
  /** The lead's values the user has taken over. */
  edits: Values;
  leadWins: boolean;
  onTake: (field: string, value: unknown) => void;
  onLeave: (field: string) => void;
}

function fieldOf(kind: ConvertedKind, name: string): Field {
  return (
    conversionFields[kind].find((field) => field.name === name) ?? {
      name,
      label: `records:field.${name.replace(/^address\./, "")}`,
      kind: "text",
    }
  );
}

/** Where the linked record and the lead differ: the record's value stays unless the arrow is pressed. */
export function Conflicts(props: ConflictsProps) {
  const { t } = useTranslation();
  const { kind, conflicts, edits, leadWins } = props;
  if (conflicts.length === 0) {
    return <p className="text-fg3 text-xs">{t("conversion:blanksAreFilled")}</p>;
  }
  return (
    <ul aria-label={t("conversion:conflicts")} className="flex flex-col divide-y divide-line">
      {conflicts.map(({ field: name, current, lead }) => {
        const field = fieldOf(kind, name);
        const isTaken = leadWins || (name in edits && isSame(edits[name], lead));
        return (
          <li key={name} className="py-1.5">
            <p className="text-fg3 text-xs">{t(field.label)}</p>
            <div className="flex items-center gap-1.5">
              <Side field={field} value={lead} isKept={isTaken} label={t("conversion:leadSays")} />
              <IconButton
                size="sm"
                disabled={leadWins}
                aria-pressed={isTaken}
                label={t("conversion:takeFromLead", { field: t(field.label) })}
                className={cn(isTaken && "bg-accent-soft text-accent")}
                onClick={() => (isTaken ? props.onLeave(name) : props.onTake(name, lead))}
              >
                <ArrowRight />
              </IconButton>
              <Side
                field={field}
                value={current}
                isKept={!isTaken}
                label={t("conversion:recordSays")}
              />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

interface SideProps {
  field: Field;
  value: unknown;
  label: string;
  isKept: boolean;
}

function Side({ field, value, label, isKept }: SideProps) {
  return (
    <span className={cn("flex min-w-0 flex-1", isKept ? "font-medium" : "text-fg3 line-through")}>
      <span className="sr-only">{label} </span>
      <FieldValue
        field={field}
        value={value}
        record={undefined as AnyRecord | undefined}
        isCompact
      />
    </span>
  );
}
