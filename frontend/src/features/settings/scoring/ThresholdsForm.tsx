import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Organisation } from "@/api/types";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { useOrganisationUpdate } from "../use-organisation";

/** What a score may be typed as: a number, perhaps below zero. */
const scoreIn = (typed: string) =>
  typed
    .replace(/[−－]/g, "-")
    .replace(/[^\d-]/g, "")
    .replace(/(?!^)-/g, "");

/** From which score leads are warm and hot. */
export function ThresholdsForm({ of }: { of: Organisation }) {
  const { t } = useTranslation();
  const [values, setValues] = useState({
    lead_hot_from: String(of.lead_hot_from),
    lead_warm_from: String(of.lead_warm_from),
  });
  const { update, errors } = useOrganisationUpdate(of);
  function submit(event: FormEvent) {
    event.preventDefault();
    update.mutate({
      lead_hot_from: Number(values.lead_hot_from),
      lead_warm_from: Number(values.lead_warm_from),
    });
  }
  const field = (name: keyof typeof values, label: string) => (
    <FormField label={label} error={errors[name]}>
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          className="tnum w-28"
          value={values[name]}
          onChange={({ target }) => setValues({ ...values, [name]: scoreIn(target.value) })}
        />
      )}
    </FormField>
  );
  return (
    <form noValidate onSubmit={submit}>
      <p className="mb-3 text-fg2">{t("scoring:thresholds.hint")}</p>
      <div className="mb-4 flex flex-wrap gap-3">
        {field("lead_warm_from", t("scoring:thresholds.warm"))}
        {field("lead_hot_from", t("scoring:thresholds.hot"))}
      </div>
      <Button type="submit" busy={update.isPending}>
        {t("settings:save")}
      </Button>
    </form>
  );
}
