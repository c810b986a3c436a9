import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { PLACES } from "@/api/activity-templates";
import { KINDS, OUTCOMES, PRIORITIES, traits } from "@/features/records/activity-kinds";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Select } from "@/ui/Select";
import { Textarea } from "@/ui/Textarea";
import type { Form } from "../FormDialog";
import { TextField } from "../fields";
import { type Placeable, type TemplateDraft, worded } from "./draft";
import { type Places, usePlaces } from "./use-places";

interface PartProps {
  form: Form<TemplateDraft>;
}

/** What is asked of a template, by kind. */
export function TemplateFields({ form, canChooseWhose }: PartProps & { canChooseWhose: boolean }) {
  const { t } = useTranslation();
  const { values, set, error } = form;
  const places = usePlaces(values, set);
  return (
    <>
      {canChooseWhose && (
        <FormField label={t("templates:whose")} isGroup className="col-span-full">
          {() => (
            <SegmentedControl
              label={t("templates:whose")}
              value={values.is_shared ? "shared" : "own"}
              onChange={(whose) => set({ is_shared: whose === "shared" })}
              options={[
                { value: "shared", label: t("templates:shared") },
                { value: "own", label: t("templates:own") },
              ]}
              className="self-start"
            />
          )}
        </FormField>
      )}
      <TextField
        label={t("settings:name")}
        required
        value={values.name}
        onChange={(name) => set({ name })}
        error={error("name")}
      />
      <FormField label={t("activities:kind")} error={error("kind")}>
        {(control) => (
          <Select
            {...control}
            value={values.kind}
            onChange={(kind) => kind && set({ kind })}
            options={KINDS.map((value) => ({ value, label: t(`activities:kinds.${value}`) }))}
          />
        )}
      </FormField>
      <PlaceField form={form} places={places} name="subject" label={t("templates:subject")} />
      <FormField label={t("templates:body")} error={error("body")} className="col-span-full">
        {(control) => (
          <Textarea
            {...control}
            {...places.into("body")}
            className="min-h-32"
            maxLength={10_000}
            value={values.body}
            onChange={({ target }) => set({ body: target.value })}
          />
        )}
      </FormField>
      <PlaceButtons places={places} />
      <KindFields form={form} />
      {values.kind !== "task" && <FollowUpFields form={form} places={places} />}
    </>
  );
}

interface PlaceFieldProps extends PartProps {
  places: Places;
  name: Exclude<Placeable, "body">;
  label: string;
}

function PlaceField({ form, places, name, label }: PlaceFieldProps) {
  return (
    <FormField label={label} error={form.error(name)} className="col-span-full">
      {(control) => (
        <Input
          {...control}
          {...places.into(name)}
          autoComplete="off"
          maxLength={200}
          value={form.values[name]}
          onChange={({ target }) => form.set(worded(name, target.value))}
        />
      )}
    </FormField>
  );
}

/** What can be filled in, each a button that puts it where the caret is. */
function PlaceButtons({ places }: { places: Places }) {
  const { t } = useTranslation();
  return (
    <FormField
      label={t("templates:insert")}
      hint={t("templates:insertHint")}
      isGroup
      className="col-span-full"
    >
      {(control) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend beside the label
        <div
          role="group"
          aria-labelledby={control["aria-labelledby"]}
          className="flex flex-wrap gap-1"
        >
          {PLACES.map((place) => (
            <button
              key={place}
              type="button"
              className="inline-flex h-7 items-center gap-1 rounded-full border border-line-strong border-dashed px-2.5 text-fg2 hover:bg-hover hover:text-fg phone:h-11 phone:px-4"
              onClick={() => places.insert(place)}
            >
              <Plus className="size-3.5" aria-hidden="true" />
              {t(`templates:place.${place.replace(".", "_")}`)}
            </button>
          ))}
        </div>
      )}
    </FormField>
  );
}

function KindFields({ form: { values, set, error } }: PartProps) {
  const { t } = useTranslation();
  const has = traits[values.kind];
  return (
    <>
      {has.hasDirection && (
        <FormField label={t("activities:direction")}>
          {(control) => (
            <Select
              {...control}
              value={values.direction}
              onChange={(direction) => set({ direction })}
              emptyLabel={t("templates:open")}
              options={(["outbound", "inbound"] as const).map((value) => ({
                value,
                label: t(`activities:directions.${value}`),
              }))}
            />
          )}
        </FormField>
      )}
      {has.hasOutcome && (
        <FormField label={t("activities:outcome")}>
          {(control) => (
            <Select
              {...control}
              value={values.outcome}
              onChange={(outcome) => set({ outcome })}
              emptyLabel={t("templates:open")}
              options={OUTCOMES.map((value) => ({
                value,
                label: t(`activities:outcomes.${value}`),
              }))}
            />
          )}
        </FormField>
      )}
      {has.hasDuration && (
        <NumberField
          label={t("activities:minutes")}
          value={values.duration_minutes}
          onChange={(duration_minutes) => set({ duration_minutes })}
          error={error("duration_minutes")}
        />
      )}
      {values.kind === "task" && (
        <FormField label={t("activities:priority")}>
          {(control) => (
            <Select
              {...control}
              value={values.priority}
              onChange={(priority) => set({ priority })}
              emptyLabel={t("templates:open")}
              options={PRIORITIES.map((value) => ({
                value,
                label: t(`activities:priorities.${value}`),
              }))}
            />
          )}
        </FormField>
      )}
    </>
  );
}

function FollowUpFields({ form, places }: PartProps & { places: Places }) {
  const { t } = useTranslation();
  const { values, set, error } = form;
  return (
    <>
      <NumberField
        label={t("templates:followUpDays")}
        hint={t("templates:followUpHint")}
        value={values.follow_up_days}
        onChange={(follow_up_days) => set({ follow_up_days })}
        error={error("follow_up_days")}
      />
      {values.follow_up_days !== "" && (
        <PlaceField
          form={form}
          places={places}
          name="follow_up_name"
          label={t("templates:followUpName")}
        />
      )}
    </>
  );
}

interface NumberFieldProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

function NumberField({ label, hint, value, onChange, error }: NumberFieldProps) {
  return (
    <FormField label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          maxLength={5}
          value={value}
          onChange={({ target }) => onChange(target.value.replace(/\D/g, ""))}
        />
      )}
    </FormField>
  );
}
