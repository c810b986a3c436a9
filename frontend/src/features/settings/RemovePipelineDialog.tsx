import { useState } from "react";
import { useTranslation } from "react-i18next";
import { configurationKey, deletePipeline, heirsOf, stageMapping } from "@/api/configure";
import type { Problem } from "@/api/problem";
import type { Pipeline, Stage } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormField } from "@/ui/FormField";
import { Select } from "@/ui/Select";
import { StageDeals } from "./StageDeals";
import { useRemoval } from "./use-removal";
import { useStageUse } from "./use-stage-use";

interface RemovePipelineDialogProps {
  pipeline: Pipeline;
  others: Pipeline[];
  onClose: () => void;
}

/** What the server says stands in each stage: it sees more than the user may. */
function toldBy(problem: Problem | null): Map<string, number> | null {
  const stages = problem?.body.stages;
  if (problem?.code !== "in_use" || typeof stages !== "object" || stages === null) return null;
  return new Map(Object.entries(stages).map(([id, count]) => [id, Number(count)]));
}

/** What removing needs to know: who follows, and where the deals of each stage in use go. */
function usePlan({ pipeline, others, onClose }: RemovePipelineDialogProps) {
  const [heir, setHeir] = useState(others.length === 1 ? (others[0] ?? null) : null);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const { problem, busy, remove } = useRemoval(configurationKey, onClose);
  const seen = useStageUse(pipeline, true);
  const counts = toldBy(problem) ?? seen ?? new Map<string, number>();
  const used = pipeline.stages.filter(({ id }) => (counts.get(id) ?? 0) > 0);
  const mapping = heir ? { ...stageMapping(pipeline, heir), ...chosen } : {};
  const lost = heir ? used.filter((stage) => heirsOf(stage, heir).length === 0) : [];
  const needsHeir = pipeline.is_default || used.length > 0;

  return {
    heir,
    setHeir: (id: string | null) => {
      setHeir(others.find((other) => other.id === id) ?? null);
      setChosen({});
    },
    mapping,
    choose: (from: string, to: string) => setChosen({ ...chosen, [from]: to }),
    counts,
    used,
    lost,
    needsHeir,
    isReady: (!needsHeir || heir !== null) && lost.length === 0,
    // What is still in use is shown stage by stage, which says more.
    complaint: problem && (problem.code !== "in_use" || used.length === 0) ? problem : null,
    busy,
    remove: () => remove(() => deletePipeline(pipeline, heir ?? undefined, mapping)),
  };
}

/** Removes a pipeline; the deals of each of its stages go to a stage of another pipeline. */
export function RemovePipelineDialog(props: RemovePipelineDialogProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { pipeline, others, onClose } = props;
  const state = usePlan(props);
  const { heir, used, complaint } = state;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("settings:removeTitle", { name: localName(pipeline, language) })}
      description={
        used.length > 0 ? t("settings:pipelines.removeUsed") : t("settings:pipelines.removeUnused")
      }
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            variant="danger"
            busy={state.busy}
            disabled={!state.isReady}
            onClick={() => void state.remove()}
          >
            {t("settings:remove")}
          </Button>
        </>
      }
    >
      {complaint && (
        <p role="alert" className="mb-3 text-danger">
          {complaint.errors[0]?.detail ?? complaint.detail ?? complaint.title}
        </p>
      )}
      <FormField label={t("settings:pipelines.heir")} required={state.needsHeir}>
        {(control) => (
          <Select
            {...control}
            value={heir?.id ?? null}
            onChange={state.setHeir}
            placeholder={t("settings:pipelines.chooseHeir")}
            {...(!state.needsHeir && { emptyLabel: t("settings:pipelines.noHeir") })}
            options={others.map((other) => ({
              value: other.id,
              label: localName(other, language),
            }))}
          />
        )}
      </FormField>
      {used.length > 0 && (
        <ul aria-label={t("settings:pipelines.mapping")} className="mt-4 border-line border-t">
          {used.map((stage) => (
            <StageHeir
              key={stage.id}
              stage={stage}
              count={state.counts.get(stage.id)}
              heir={heir}
              value={state.mapping[stage.id] ?? null}
              onChange={(to) => state.choose(stage.id, to)}
            />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

interface StageHeirProps {
  stage: Stage;
  count: number | undefined;
  heir: Pipeline | null;
  value: string | null;
  onChange: (to: string) => void;
}

function StageHeir({ stage, count, heir, value, onChange }: StageHeirProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const name = localName(stage, language);
  const targets = heir ? heirsOf(stage, heir) : [];
  return (
    <li className="flex min-h-12 items-center gap-3 border-line border-b py-1.5 phone:flex-wrap">
      <span className="flex min-w-0 flex-1 items-center gap-2">
        <Dot colour={stage.color} className="size-2.5" />
        <span className="truncate">{name}</span>
        <StageDeals stages={[stage]} count={count} className="shrink-0 text-xs" />
      </span>
      {heir && targets.length > 0 && (
        <Select
          label={t("settings:pipelines.goesTo", { name })}
          className="w-56 phone:w-full"
          value={value}
          onChange={(to) => to && onChange(to)}
          options={targets.map((target) => ({
            value: target.id,
            label: localName(target, language),
            icon: <Dot colour={target.color} />,
          }))}
        />
      )}
      {heir && targets.length === 0 && (
        <span role="alert" className="text-danger text-xs">
          {t("settings:pipelines.noTarget", {
            pipeline: localName(heir, language),
            category: t(`settings:stageCategory.${stage.category}`),
          })}
        </span>
      )}
    </li>
  );
}
