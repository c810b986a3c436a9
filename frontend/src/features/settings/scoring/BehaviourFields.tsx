import { useTranslation } from "react-i18next";
import type { ActivityKind, Direction } from "@/api/types";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { CheckboxesField } from "../CheckboxesField";
import type { Form } from "../FormDialog";
import { haveDirection, SCORED_KINDS, type ScoringDraft } from "./draft";

type Behaviour = ScoringDraft["behaviour"];

const DIRECTIONS: Direction[] = ["inbound", "outbound"];

/** Which activities count, how many of the latest, and how their points fade. */
export function BehaviourFields({ form }: { form: Form<ScoringDraft> }) {
  const { t } = useTranslation();
  const { behaviour } = form.values;
  const set = (changes: Partial<Behaviour>) =>
    form.set({ behaviour: { ...behaviour, ...changes } });
  return (
    <>
      <CheckboxesField<ActivityKind>
        label={t("scoring:rule.activities")}
        options={SCORED_KINDS.map((kind) => ({
          value: kind,
          label: t(`activities:kinds.${kind}`),
        }))}
        value={behaviour.activity_kinds}
        onChange={(activity_kinds) => set({ activity_kinds })}
        error={form.error("behaviour.activity_kinds")}
      />
      {haveDirection(behaviour.activity_kinds) && (
        <FormField
          className="col-span-full"
          label={t("scoring:rule.direction")}
          hint={t("scoring:rule.directionHint")}
          error={form.error("behaviour.direction")}
        >
          {(control) => (
            <Select<Direction>
              {...control}
              value={behaviour.direction}
              onChange={(direction) => set({ direction })}
              emptyLabel={t("scoring:rule.either")}
              options={DIRECTIONS.map((value) => ({
                value,
                label: t(`activities:directions.${value}`),
              }))}
            />
          )}
        </FormField>
      )}
      <CountField
        name="at_most"
        hint={t("scoring:rule.atMostHint")}
        value={behaviour.at_most}
        onChange={(at_most) => set({ at_most })}
        error={form.error("behaviour.at_most")}
      />
      <CountField
        name="halves_after_days"
        hint={t("scoring:rule.halvesHint")}
        value={behaviour.halves_after_days}
        onChange={(halves_after_days) => set({ halves_after_days })}
        error={form.error("behaviour.halves_after_days")}
      />
    </>
  );
}

interface CountFieldProps {
  name: "at_most" | "halves_after_days";
  hint: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

function CountField({ name, hint, value, onChange, error }: CountFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField label={t(`scoring:rule.${name}`)} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          className="tnum"
          value={value}
          onChange={({ target }) => onChange(target.value.replace(/\D/g, ""))}
        />
      )}
    </FormField>
  );
}
