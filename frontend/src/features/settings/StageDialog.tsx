import { useTranslation } from "react-i18next";
import { configurationKey, createStage, type StageInput, updateStage } from "@/api/configure";
import type { Pipeline, Stage, StageCategory } from "@/api/types";
import { Checkbox } from "@/ui/Checkbox";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { type Form, FormDialog } from "./FormDialog";
import { ColourField, NamesFields } from "./fields";
import { StageDeals } from "./StageDeals";
import { useStageUse } from "./use-stage-use";

const CATEGORIES: StageCategory[] = ["open", "won", "lost", "void"];

const REQUIRABLE = [
  "amount",
  "expected_close_on",
  "primary_contact_id",
  "contacts",
  "competitor",
  "next_step",
  "description",
  "source",
  "forecast_category",
  "engaged_on",
] as const;

type Values = Omit<StageInput, "position" | "probability" | "expected_days" | "warning_days"> & {
  probability: string;
  expected_days: string;
  warning_days: string;
};

const numberOrNull = (text: string) => (text.trim() === "" ? null : Number(text));
const textOf = (value: number | null | undefined) => (value == null ? "" : String(value));

function initialOf(stage: Stage | null): Values {
  return {
    names: stage?.names ?? {},
    category: stage?.category ?? "open",
    color: stage?.color ?? "blue",
    probability: textOf(stage?.probability ?? 50),
    expected_days: textOf(stage?.expected_days),
    warning_days: textOf(stage?.warning_days),
    required_fields: stage?.required_fields ?? [],
  };
}

function inputOf(values: Values): Partial<StageInput> {
  const { probability, expected_days, warning_days, ...input } = values;
  const isOpen = values.category === "open";
  return {
    ...input,
    probability: isOpen ? Number(probability) : values.category === "won" ? 100 : 0,
    expected_days: isOpen ? numberOrNull(expected_days) : null,
    warning_days: isOpen ? numberOrNull(warning_days) : null,
  };
}

/** New open stages go before the ends. */
function placeOf(pipeline: Pipeline, values: Values): number | undefined {
  if (values.category !== "open") return undefined;
  const end = pipeline.stages.findIndex((stage) => stage.category !== "open");
  return end < 0 ? undefined : end;
}

interface StageDialogProps {
  pipeline: Pipeline;
  stage: Stage | null;
  onClose: () => void;
}

/** Makes or changes a stage: what it means, its chance, how long, and what must be known. */
export function StageDialog({ pipeline, stage, onClose }: StageDialogProps) {
  const { t } = useTranslation();
  const count = useStageUse(pipeline, stage !== null)?.get(stage?.id ?? "");
  return (
    <FormDialog<Values>
      title={stage ? t("settings:stage.editTitle") : t("settings:pipelines.addStage")}
      submitLabel={stage ? t("settings:save") : t("settings:pipelines.addStage")}
      initial={initialOf(stage)}
      save={(values) => {
        if (stage) return updateStage(stage, inputOf(values));
        const position = placeOf(pipeline, values);
        return createStage(pipeline.id, {
          ...inputOf(values),
          ...(position !== undefined && { position }),
        });
      }}
      refresh={configurationKey}
      onClose={onClose}
    >
      {(form) => (
        <>
          <NamesFields
            value={form.values.names}
            onChange={(names) => form.set({ names })}
            error={form.error("names")}
          />
          <FormField
            label={t("settings:stage.category")}
            error={form.error("category")}
            hint={
              stage &&
              count && (
                <>
                  {t("settings:stage.categoryKept")}{" "}
                  <StageDeals stages={[stage]} count={count} className="inline" />
                </>
              )
            }
          >
            {(control) => (
              <Select<StageCategory>
                {...control}
                disabled={Boolean(count)}
                value={form.values.category}
                onChange={(category) => category && form.set({ category })}
                options={CATEGORIES.map((category) => ({
                  value: category,
                  label: t(`settings:stageCategory.${category}`),
                }))}
              />
            )}
          </FormField>
          <ColourField value={form.values.color} onChange={(color) => form.set({ color })} />
          {form.values.category === "open" && (
            <>
              <NumberField form={form} name="probability" />
              <NumberField form={form} name="expected_days" />
              <NumberField form={form} name="warning_days" />
            </>
          )}
          <RequiredFields form={form} />
        </>
      )}
    </FormDialog>
  );
}

interface NumberFieldProps {
  form: Form<Values>;
  name: "probability" | "expected_days" | "warning_days";
}

function NumberField({ form, name }: NumberFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField label={t(`settings:stage.${name}`)} error={form.error(name)}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          className="tnum"
          value={form.values[name]}
          onChange={(event) => form.set({ [name]: event.target.value.replace(/\D/g, "") })}
        />
      )}
    </FormField>
  );
}

function RequiredFields({ form }: { form: Form<Values> }) {
  const { t } = useTranslation();
  const { required_fields } = form.values;
  function toggle(field: (typeof required_fields)[number], on: boolean) {
    const others = required_fields.filter((other) => other !== field);
    form.set({ required_fields: on ? [...others, field] : others });
  }
  return (
    <fieldset className="col-span-full">
      <legend className="mb-1 text-fg2 text-xs">{t("settings:stage.required")}</legend>
      <div className="grid grid-cols-3 gap-x-3 phone:grid-cols-2">
        {REQUIRABLE.map((field) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
          <label key={field} className="flex h-8 items-center gap-2 phone:h-11">
            <Checkbox
              checked={required_fields.includes(field)}
              onCheckedChange={(on) => toggle(field, on)}
            />
            <span className="truncate">{t(`settings:requiredField.${field}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
