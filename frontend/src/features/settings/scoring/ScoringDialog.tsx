import { useTranslation } from "react-i18next";
import { configurationKey } from "@/api/configure";
import {
  createScoringRule,
  type ScoringKind,
  type ScoringRule,
  updateScoringRule,
} from "@/api/scoring";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { RadioGroup } from "@/ui/Radio";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Switch } from "@/ui/Switch";
import { ConditionEditor } from "../conditions/ConditionEditor";
import { givenFields } from "../conditions/condition";
import { type Form, FormDialog } from "../FormDialog";
import { TextField } from "../fields";
import { useTried } from "../Trial";
import { BehaviourFields } from "./BehaviourFields";
import { refuseUntold, type ScoringDraft, scoringDraft, scoringInput } from "./draft";
import { ScoringTrial } from "./ScoringTrial";

const KINDS: ScoringKind[] = ["property", "behaviour"];

interface ScoringDialogProps {
  rule: ScoringRule | null;
  onClose: () => void;
}

/** Makes or changes a rule: for what it gives points, and how many. */
export function ScoringDialog({ rule, onClose }: ScoringDialogProps) {
  const { t } = useTranslation();
  return (
    <FormDialog<ScoringDraft>
      size="lg"
      title={rule ? t("scoring:editTitle") : t("scoring:add")}
      submitLabel={rule ? t("settings:save") : t("scoring:create")}
      initial={scoringDraft(rule)}
      save={async (draft) => {
        refuseUntold(draft, t);
        const input = scoringInput(draft);
        await (rule ? updateScoringRule(rule.id, rule.version, input) : createScoringRule(input));
      }}
      refresh={configurationKey}
      onClose={onClose}
    >
      {(form) => <RuleFields form={form} rule={rule} />}
    </FormDialog>
  );
}

interface RuleFieldsProps {
  form: Form<ScoringDraft>;
  rule: ScoringRule | null;
}

function RuleFields({ form: saved, rule }: RuleFieldsProps) {
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
      <FormField
        className="col-span-full"
        label={t("scoring:kind.label")}
        error={form.error("kind")}
        isGroup
      >
        {() => (
          <RadioGroup<ScoringKind>
            label={t("scoring:kind.label")}
            className="grid grid-cols-2 gap-x-3 phone:grid-cols-1"
            value={values.kind}
            onChange={(kind) => form.set({ kind })}
            options={KINDS.map((kind) => ({
              value: kind,
              label: t(`scoring:kind.${kind}`),
              hint: t(`scoring:kindHint.${kind}`),
            }))}
          />
        )}
      </FormField>
      {values.kind === "property" ? (
        <ConditionEditor
          fields={givenFields}
          isRequired
          value={values.condition}
          onChange={(condition) => form.set({ condition })}
          error={form.error("condition")}
        />
      ) : (
        <BehaviourFields form={form} />
      )}
      <PointsField form={form} />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
      <label className="col-span-full flex items-center gap-2 phone:h-11">
        <Switch
          checked={values.is_active}
          onCheckedChange={(is_active) => form.set({ is_active })}
        />
        {t("scoring:rule.active")}
      </label>
      <ScoringTrial draft={values} id={rule?.id} onProblem={setTried} />
    </>
  );
}

/** How many points are added or taken away. */
function PointsField({ form }: { form: Form<ScoringDraft> }) {
  const { t } = useTranslation();
  const { sign, points } = form.values;
  return (
    <FormField
      className="col-span-full"
      label={t("scoring:points")}
      hint={t("scoring:pointsHint")}
      error={form.error("points")}
      required
    >
      {(control) => (
        <div className="flex items-center gap-2">
          <SegmentedControl<ScoringDraft["sign"]>
            label={t("scoring:sign.label")}
            value={sign}
            onChange={(next) => form.set({ sign: next })}
            options={[
              { value: "plus", label: t("scoring:sign.plus") },
              { value: "minus", label: t("scoring:sign.minus") },
            ]}
          />
          <Input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            className="tnum w-20"
            value={points}
            onChange={({ target }) => form.set({ points: target.value.replace(/\D/g, "") })}
          />
        </div>
      )}
    </FormField>
  );
}
