import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { configurationKey } from "@/api/configure";
import { teamsQuery } from "@/api/people";
import { createPool, type Pool, updatePool } from "@/api/pools";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { type Form, FormDialog } from "../FormDialog";
import { TextField } from "../fields";
import { indented } from "../tree";
import { type PoolDraft, poolChanges, poolDraft, poolInput, RULES } from "./draft";

interface PoolDialogProps {
  pool: Pool | null;
  /** All there are: a team has one pool at most. */
  pools: Pool[];
  onClose: () => void;
}

/** Makes or changes a pool: whom it serves, when it takes a customer back, who may claim how much. */
export function PoolDialog({ pool, pools, onClose }: PoolDialogProps) {
  const { t } = useTranslation();
  return (
    <FormDialog<PoolDraft>
      size="lg"
      title={pool ? t("settings:pools.editTitle") : t("settings:pools.add")}
      submitLabel={pool ? t("settings:save") : t("settings:pools.create")}
      initial={poolDraft(pool)}
      save={(draft) =>
        pool
          ? updatePool(pool.id, pool.version, poolChanges(pool, draft))
          : createPool(poolInput(draft))
      }
      refresh={configurationKey}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            label={t("settings:name")}
            required={!pool?.is_default}
            hint={pool?.is_default ? t("settings:pools.nameHint") : undefined}
            value={form.values.name}
            onChange={(name) => form.set({ name })}
            error={form.error("name")}
          />
          {pool?.is_default ? (
            <ServesEverybodyElse />
          ) : (
            <TeamField form={form} taken={takenBy(pools, pool)} />
          )}
          <ReleaseFields form={form} />
          <LimitFields form={form} />
          {!pool?.is_default && <ActiveField form={form} />}
        </>
      )}
    </FormDialog>
  );
}

/** The teams that have another pool. */
function takenBy(pools: Pool[], pool: Pool | null): Set<string> {
  return new Set(pools.flatMap(({ id, team }) => (team && id !== pool?.id ? [team.id] : [])));
}

function ServesEverybodyElse() {
  const { t } = useTranslation();
  return (
    <FormField label={t("settings:pools.serves")} isGroup>
      {() => <p className="flex min-h-8 items-center">{t("settings:pools.everybodyElse")}</p>}
    </FormField>
  );
}

interface FieldProps {
  form: Form<PoolDraft>;
}

function TeamField({ form, taken }: FieldProps & { taken: Set<string> }) {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery()).data ?? [];
  return (
    <FormField label={t("settings:pools.serves")} required error={form.error("team_id")}>
      {(control) => (
        <Select
          {...control}
          value={form.values.team_id}
          onChange={(team_id) => form.set({ team_id })}
          placeholder={t("settings:pools.chooseTeam")}
          options={indented(teams).filter(({ value }) => !taken.has(value))}
        />
      )}
    </FormField>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="col-span-full grid grid-cols-3 gap-x-3 gap-y-4 border-line border-t pt-3 phone:grid-cols-1">
      <legend className="float-left col-span-full font-medium">{title}</legend>
      {children}
    </fieldset>
  );
}

function ReleaseFields({ form }: FieldProps) {
  const { t } = useTranslation();
  const { release } = form.values;
  return (
    <Part title={t("settings:pools.release")}>
      {RULES.map((rule) => (
        <NumberField
          key={rule}
          label={t(`settings:pools.${rule}`)}
          hint={t("settings:pools.noRule")}
          value={release[rule]}
          onChange={(days) => form.set({ release: { ...release, [rule]: days } })}
          error={form.error(`release.${rule}`)}
        />
      ))}
      <NumberField
        label={t("settings:pools.warn_days")}
        value={form.values.warn_days}
        onChange={(warn_days) => form.set({ warn_days })}
        error={form.error("warn_days")}
      />
      <p className="col-span-2 self-end text-fg3 text-xs phone:col-span-1">
        {t("settings:pools.wonStay")}
      </p>
    </Part>
  );
}

function LimitFields({ form }: FieldProps) {
  const { t } = useTranslation();
  return (
    <Part title={t("settings:pools.limits")}>
      {(["owned_cap", "claims_per_day"] as const).map((name) => (
        <NumberField
          key={name}
          label={t(`settings:pools.${name}`)}
          hint={t("settings:pools.noLimit")}
          value={form.values[name]}
          onChange={(text) => form.set({ [name]: text })}
          error={form.error(name)}
        />
      ))}
      <NumberField
        label={t("settings:pools.cooldown_days")}
        hint={t("settings:pools.cooldownHint")}
        value={form.values.cooldown_days}
        onChange={(cooldown_days) => form.set({ cooldown_days })}
        error={form.error("cooldown_days")}
      />
    </Part>
  );
}

function ActiveField({ form }: FieldProps) {
  const { t } = useTranslation();
  return (
    <div className="col-span-full">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
      <label className="flex items-center gap-2 phone:h-11">
        <Switch
          checked={form.values.is_active}
          onCheckedChange={(is_active) => form.set({ is_active })}
        />
        {t("settings:pools.active")}
      </label>
      <p className="text-fg3 text-xs">{t("settings:pools.activeHint")}</p>
    </div>
  );
}

interface NumberFieldProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

function NumberField({ label, hint, value, onChange, error }: NumberFieldProps) {
  return (
    <FormField label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          className="tnum"
          value={value}
          onChange={(event) => onChange(event.target.value.replace(/\D/g, ""))}
        />
      )}
    </FormField>
  );
}
