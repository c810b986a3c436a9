import { useTranslation } from "react-i18next";
import { type AssignmentRule, createRule, type Strategy, updateRule } from "@/api/assignment";
import { configurationKey } from "@/api/configure";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { RadioGroup } from "@/ui/Radio";
import { Switch } from "@/ui/Switch";
import { ConditionEditor } from "../conditions/ConditionEditor";
import { offeredFields, refuseUnfinished } from "../conditions/condition";
import { type Form, FormDialog } from "../FormDialog";
import { TextField } from "../fields";
import { useTried } from "../Trial";
import { AudienceField } from "./AudienceField";
import { DaysField } from "./DaysField";
import { type RuleDraft, ruleDraft, ruleInput } from "./draft";
import { TryOut } from "./TryOut";

const STRATEGIES: Strategy[] = ["user", "round_robin", "least_loaded"];

interface RuleDialogProps {
  rule: AssignmentRule | null;
  onClose: () => void;
}

/** Makes or changes a rule: which leads it is for, who gets them, and when somebody is passed over. */
export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const { t } = useTranslation();
  return (
    <FormDialog<RuleDraft>
      size="lg"
      title={rule ? t("settings:rules.editTitle") : t("settings:rules.add")}
      submitLabel={rule ? t("settings:save") : t("settings:rules.create")}
      initial={ruleDraft(rule)}
      save={(draft) => {
        refuseUnfinished(draft.condition, t("settings:condition.unfinished"));
        const input = ruleInput(draft);
        return rule ? updateRule(rule.id, rule.version, input) : createRule(input);
      }}
      refresh={configurationKey}
      onClose={onClose}
    >
      {(form) => <RuleFields form={form} rule={rule} />}
    </FormDialog>
  );
}

function RuleFields({ form: saved, rule }: { form: Form<RuleDraft>; rule: AssignmentRule | null }) {
  const { t } = useTranslation();
  const { form, setTried } = useTried(saved);
  const { values } = form;
  return (
    <>
      <TextField
        className="col-span-full"
        label={t("settings:name")}
        required
        value={values.name}
        onChange={(name) => form.set({ name })}
        error={form.error("name")}
      />
      <ConditionEditor
        fields={offeredFields}
        value={values.condition}
        onChange={(condition) => form.set({ condition })}
        error={form.error("condition")}
      />
      <FormField
        className="col-span-full"
        label={t("settings:rules.who")}
        error={form.error("strategy")}
        isGroup
      >
        {() => (
          <RadioGroup<Strategy>
            label={t("settings:rules.who")}
            className="grid grid-cols-3 gap-x-3 phone:grid-cols-1"
            value={values.strategy}
            onChange={(strategy) => form.set({ strategy })}
            options={STRATEGIES.map((strategy) => ({
              value: strategy,
              label: t(`settings:strategy.${strategy}`),
              hint: t(`settings:strategyHint.${strategy}`),
            }))}
          />
        )}
      </FormField>
      <AudienceField form={form} rule={rule} />
      <DaysField
        value={values.working_days}
        onChange={(working_days) => form.set({ working_days })}
        error={form.error("working_days")}
      />
      <CapField form={form} name="max_open" />
      <CapField form={form} name="max_per_day" />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
      <label className="col-span-full flex items-center gap-2 phone:h-11">
        <Switch
          checked={values.is_active}
          onCheckedChange={(is_active) => form.set({ is_active })}
        />
        {t("settings:rules.active")}
      </label>
      <TryOut draft={values} id={rule?.id} onProblem={setTried} />
    </>
  );
}

interface CapFieldProps {
  form: Form<RuleDraft>;
  name: "max_open" | "max_per_day";
}

function CapField({ form, name }: CapFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField
      label={t(`settings:rules.${name}`)}
      hint={t("settings:rules.noCap")}
      error={form.error(name)}
    >
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
