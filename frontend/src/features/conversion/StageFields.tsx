import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { pipelinesQuery } from "@/api/configuration";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { FormField } from "@/ui/FormField";
import { Select } from "@/ui/Select";
import type { Plan } from "./plan";

interface StageFieldsProps {
  plan: Plan;
  onChange: (changes: Pick<Plan, "pipeline_id" | "stage_id">) => void;
}

/** In which pipeline and stage the opportunity starts; the first open stage unless chosen. */
export function StageFields({ plan, onChange }: StageFieldsProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const pipelines = (useQuery(pipelinesQuery()).data ?? []).filter((one) => one.is_active);
  const pipeline =
    pipelines.find((one) => one.id === plan.pipeline_id) ??
    pipelines.find((one) => one.is_default) ??
    pipelines[0];
  if (!pipeline) return null;
  const stages = pipeline.stages.filter((stage) => stage.category === "open");
  return (
    <>
      {pipelines.length > 1 && (
        <FormField label={t("conversion:pipeline")}>
          {(control) => (
            <Select
              {...control}
              value={pipeline.id}
              onChange={(pipeline_id) => onChange({ pipeline_id, stage_id: null })}
              options={pipelines.map((one) => ({ value: one.id, label: localName(one, language) }))}
            />
          )}
        </FormField>
      )}
      <FormField label={t("records:field.stage_id")}>
        {(control) => (
          <Select
            {...control}
            value={plan.stage_id ?? stages[0]?.id ?? null}
            onChange={(stage_id) => onChange({ pipeline_id: pipeline.id, stage_id })}
            options={stages.map((stage) => ({
              value: stage.id,
              label: localName(stage, language),
              icon: <Dot colour={stage.color} />,
            }))}
          />
        )}
      </FormField>
    </>
  );
}
