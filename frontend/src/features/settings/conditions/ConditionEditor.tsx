import { Plus, X } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api/types";
import type { Field } from "@/features/records/model";
import { useOptions } from "@/features/records/use-options";
import { Dot } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Input } from "@/ui/Input";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Select } from "@/ui/Select";
import { TagInput } from "@/ui/TagInput";
import { ChoicesField } from "./ChoicesField";
import {
  arityOf,
  type Draft,
  kindOf,
  type Line,
  lineAbout,
  lineOf,
  nodeOf,
  offeredFields,
  opsOf,
  partOf,
  withOp,
} from "./condition";
import { useWords } from "./use-words";

interface ConditionEditorProps {
  /** What may be asked about. */
  fields: readonly Field[];
  /** A condition must be there: without one it is not said that every lead is meant. */
  isRequired?: boolean;
  value: Draft;
  onChange: (draft: Draft) => void;
  error: string | undefined;
}

/** Which leads are meant: tests of fields of which all must hold, or any; without tests every lead. */
export function ConditionEditor(props: ConditionEditorProps) {
  const { t } = useTranslation();
  const id = useId();
  const { fields, value, onChange, error } = props;
  const { join, parts } = value;
  const words = useWords(parts.map((part) => part.node));

  const replace = (key: number, node: Condition) =>
    onChange({ join, parts: parts.map((part) => (part.key === key ? { key, node } : part)) });
  const remove = (key: number) =>
    onChange({ join, parts: parts.filter((part) => part.key !== key) });

  return (
    <fieldset className="col-span-full" aria-describedby={error && id}>
      <legend className="mb-1 text-fg2 text-xs">{t("settings:condition.label")}</legend>
      {parts.length === 0 && !props.isRequired && (
        <p className="py-1">{t("settings:condition.always")}</p>
      )}
      {parts.length > 1 && (
        <SegmentedControl<Draft["join"]>
          label={t("settings:condition.join")}
          className="mb-2"
          value={join}
          onChange={(next) => onChange({ join: next, parts })}
          options={[
            { value: "and", label: t("settings:condition.all") },
            { value: "or", label: t("settings:condition.any") },
          ]}
        />
      )}
      <ol className="flex flex-col gap-1.5 phone:gap-4">
        {parts.map((part, index) => {
          const line = lineOf(part.node);
          const name = t("settings:condition.line", { number: index + 1 });
          return (
            <li key={part.key} className="flex items-start gap-1.5">
              {line ? (
                <LineEditor
                  fields={fields}
                  name={name}
                  line={line}
                  onChange={(next) => replace(part.key, nodeOf(next))}
                />
              ) : (
                <p className="min-w-0 flex-1 rounded-md bg-hover px-2.5 py-1.5">
                  {words(part.node)}
                </p>
              )}
              <IconButton
                label={t("common:removeNamed", { name })}
                onClick={() => remove(part.key)}
              >
                <X />
              </IconButton>
            </li>
          );
        })}
      </ol>
      {error && (
        <p id={id} className="mt-1 text-danger text-xs">
          {error}
        </p>
      )}
      <Button
        variant="ghost"
        className="mt-1 -ml-2"
        icon={<Plus className="size-4" />}
        onClick={() =>
          onChange({ join, parts: [...parts, partOf(nodeOf(lineAbout(nextField(fields, parts))))] })
        }
      >
        {t("settings:condition.add")}
      </Button>
    </fieldset>
  );
}

/** The first field nothing asks about yet. */
function nextField(fields: readonly Field[], parts: Draft["parts"]): string {
  const asked = parts.map((part) => lineOf(part.node)?.field);
  const free = fields.find((field) => !asked.includes(field.name));
  return (free ?? fields[0])?.name ?? "";
}

interface LineEditorProps {
  fields: readonly Field[];
  /** Read out with each of the controls. */
  name: string;
  line: Line;
  onChange: (line: Line) => void;
}

function LineEditor({ fields, name, line, onChange }: LineEditorProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its legend
    <div
      role="group"
      aria-label={name}
      className="grid min-w-0 flex-1 grid-cols-[10rem_9rem_1fr] items-start gap-1.5 phone:grid-cols-1"
    >
      <Select
        label={t("settings:condition.field")}
        value={line.field}
        onChange={(field) => field && onChange(lineAbout(field))}
        options={fields.map((field) => ({ value: field.name, label: t(field.label) }))}
      />
      <Select
        label={t("settings:condition.how")}
        value={line.op}
        onChange={(op) => op && onChange(withOp(line, op))}
        options={opsOf(line.field).map((op) => ({ value: op, label: t(`settings:op.${op}`) }))}
      />
      {arityOf(line.op) !== "none" && <ValueEditor line={line} onChange={onChange} />}
    </div>
  );
}

function ValueEditor({ line, onChange }: Pick<LineEditorProps, "line" | "onChange">) {
  const { t } = useTranslation();
  const label = t("settings:condition.value");
  const set = (values: string[]) => onChange({ ...line, values });
  if (arityOf(line.op) === "one") {
    const isNumber = kindOf(line.field) === "number";
    return (
      <Input
        aria-label={label}
        autoComplete="off"
        inputMode={isNumber ? "decimal" : undefined}
        value={line.values[0] ?? ""}
        onChange={(event) => set([event.target.value])}
      />
    );
  }
  if (kindOf(line.field) === "options") return <OptionsEditor line={line} onValues={set} />;
  return (
    <TagInput
      label={label}
      placeholder={t("settings:condition.several")}
      value={line.values}
      onChange={set}
    />
  );
}

function OptionsEditor({ line, onValues }: { line: Line; onValues: (values: string[]) => void }) {
  const { t } = useTranslation();
  const field = offeredFields.find((candidate) => candidate.name === line.field);
  const options = useOptions(field ?? { name: line.field, label: line.field, kind: "text" });
  return (
    <ChoicesField
      label={t("settings:condition.value")}
      placeholder={t("settings:condition.choose")}
      value={line.values}
      onChange={onValues}
      options={options.map(({ value, label, colour }) => ({
        value,
        label,
        icon: colour && <Dot colour={colour} />,
      }))}
    />
  );
}
