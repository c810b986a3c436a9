import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { organisationQuery } from "@/api/configure";
import type { Organisation } from "@/api/types";
import { CURRENCIES } from "@/lib/money";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { Frame, Part } from "./Frame";
import { LanguageField, TextField, ZoneField } from "./fields";
import { Loaded } from "./Loaded";
import { useOrganisationUpdate } from "./use-organisation";

/** What holds for everybody: the name, what new users begin with, and how soon leads are answered. */
export default function OrganisationSection() {
  const { t } = useTranslation();
  return (
    <Frame title={t("settings:section.organisation")} description={t("settings:organisation.hint")}>
      <Loaded query={useQuery(organisationQuery())}>
        {(organisation) => <OrganisationForm key={organisation.version} of={organisation} />}
      </Loaded>
    </Frame>
  );
}

const countOf = (typed: string) => (typed === "" ? null : Number(typed));

interface CountFieldProps {
  name: "hours" | "grace";
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** A number that may be left out. */
function CountField({ name, value, onChange, error }: CountFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField
      label={t(`settings:organisation.${name}`)}
      hint={t(`settings:organisation.${name}Hint`)}
      error={error}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value.replace(/\D/g, ""))}
          className="tnum w-28"
        />
      )}
    </FormField>
  );
}

function OrganisationForm({ of }: { of: Organisation }) {
  const { t } = useTranslation();
  const [values, setValues] = useState({
    name: of.name,
    currency: of.currency,
    language: of.language,
    time_zone: of.time_zone,
    hours: String(of.lead_response_hours ?? ""),
    grace: String(of.stale_grace_days ?? ""),
  });
  const { update, errors } = useOrganisationUpdate(of);
  const set = (changes: Partial<typeof values>) => setValues({ ...values, ...changes });
  const codes = CURRENCIES.includes(of.currency) ? CURRENCIES : [of.currency, ...CURRENCIES];
  function submit(event: FormEvent) {
    event.preventDefault();
    const { hours, grace, ...changes } = values;
    update.mutate({
      ...changes,
      lead_response_hours: countOf(hours),
      stale_grace_days: countOf(grace),
    });
  }
  return (
    <form noValidate onSubmit={submit}>
      <Part title={t("settings:organisation.about")}>
        <div className="grid max-w-2xl grid-cols-2 gap-3 phone:grid-cols-1">
          <TextField
            label={t("settings:organisation.name")}
            value={values.name}
            autoComplete="organization"
            onChange={(name) => set({ name })}
            error={errors.name}
          />
          <FormField label={t("common:currency")} error={errors.currency}>
            {(control) => (
              <Select
                {...control}
                value={values.currency}
                onChange={(currency) => currency && set({ currency })}
                options={codes.map((code) => ({ value: code, label: code }))}
              />
            )}
          </FormField>
          <LanguageField value={values.language} onChange={(language) => set({ language })} />
          <ZoneField
            value={values.time_zone}
            onChange={(zone) => zone !== null && set({ time_zone: zone })}
            error={errors.time_zone}
          />
        </div>
      </Part>
      <Part title={t("settings:organisation.followUp")}>
        <div className="grid max-w-2xl grid-cols-2 gap-3 phone:grid-cols-1">
          <CountField
            name="hours"
            value={values.hours}
            onChange={(hours) => set({ hours })}
            error={errors.lead_response_hours}
          />
          <CountField
            name="grace"
            value={values.grace}
            onChange={(grace) => set({ grace })}
            error={errors.stale_grace_days}
          />
        </div>
      </Part>
      <Button type="submit" variant="primary" busy={update.isPending}>
        {t("settings:save")}
      </Button>
    </form>
  );
}
