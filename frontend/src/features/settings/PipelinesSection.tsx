import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pipelinesQuery } from "@/api/configuration";
import {
  configurationKey,
  createPipeline,
  deleteStage,
  updatePipeline,
  updateStage,
} from "@/api/configure";
import type { Pipeline, Stage } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Badge, Dot } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { ConfiguredList } from "./ConfiguredList";
import { FormDialog } from "./FormDialog";
import { AddButton, Frame } from "./Frame";
import { NamesFields } from "./fields";
import { Loaded } from "./Loaded";
import { RemovePipelineDialog } from "./RemovePipelineDialog";
import { StageDeals } from "./StageDeals";
import { StageDialog } from "./StageDialog";
import { ActiveField } from "./StatusesSection";
import { useChange } from "./use-change";
import { useMayConfigure } from "./use-may";
import { useStageUse } from "./use-stage-use";

/** Pipelines and their stages. */
export default function PipelinesSection() {
  const { t } = useTranslation();
  const pipelines = useQuery(pipelinesQuery());
  const mayEdit = useMayConfigure("configuration");
  const [edited, setEdited] = useState<Pipeline | "new" | null>(null);
  return (
    <Frame
      title={t("settings:section.pipelines")}
      description={t("settings:pipelines.hint")}
      action={
        mayEdit && <AddButton label={t("settings:pipelines.add")} onAdd={() => setEdited("new")} />
      }
    >
      <Loaded query={pipelines}>
        {(all) =>
          all.map((pipeline) => (
            <PipelinePart
              key={pipeline.id}
              pipeline={pipeline}
              others={all.filter(({ id }) => id !== pipeline.id)}
              mayEdit={mayEdit}
              onEdit={setEdited}
            />
          ))
        }
      </Loaded>
      {edited && (
        <PipelineDialog
          pipeline={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Frame>
  );
}

interface PipelinePartProps {
  pipeline: Pipeline;
  others: Pipeline[];
  mayEdit: boolean;
  onEdit: (pipeline: Pipeline) => void;
}

function PipelinePart({ pipeline, others, mayEdit, onEdit }: PipelinePartProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const change = useChange();
  const [isRemoving, setRemoving] = useState(false);
  const [stage, setStage] = useState<Stage | "new" | null>(null);
  const name = localName(pipeline, language);
  return (
    <section aria-label={name} className="mb-8">
      <header className="flex h-10 items-center gap-2">
        <h3 className="truncate font-medium text-base">{name}</h3>
        {pipeline.is_default && <Badge colour="blue">{t("settings:pipelines.default")}</Badge>}
        {!pipeline.is_active && <Badge>{t("settings:notOffered")}</Badge>}
        {mayEdit && (
          <div className="ml-auto flex items-center">
            {!pipeline.is_default && (
              <IconButton
                label={t("settings:pipelines.makeDefault", { name })}
                onClick={() =>
                  change.mutate(() =>
                    updatePipeline(pipeline.id, pipeline.version, { is_default: true }),
                  )
                }
              >
                <Star />
              </IconButton>
            )}
            <IconButton label={t("common:editNamed", { name })} onClick={() => onEdit(pipeline)}>
              <Pencil />
            </IconButton>
            {others.length > 0 && (
              <IconButton
                label={t("common:removeNamed", { name })}
                onClick={() => setRemoving(true)}
              >
                <Trash2 />
              </IconButton>
            )}
          </div>
        )}
      </header>
      <Stages pipeline={pipeline} mayEdit={mayEdit} onEdit={setStage} />
      {mayEdit && (
        <Button
          variant="ghost"
          className="mt-1 -ml-2"
          icon={<Plus className="size-4" />}
          onClick={() => setStage("new")}
        >
          {t("settings:pipelines.addStage")}
        </Button>
      )}
      {stage && (
        <StageDialog
          pipeline={pipeline}
          stage={stage === "new" ? null : stage}
          onClose={() => setStage(null)}
        />
      )}
      {isRemoving && (
        <RemovePipelineDialog
          pipeline={pipeline}
          others={others}
          onClose={() => setRemoving(false)}
        />
      )}
    </section>
  );
}

interface StagesProps {
  pipeline: Pipeline;
  mayEdit: boolean;
  onEdit: (stage: Stage) => void;
}

function Stages({ pipeline, mayEdit, onEdit }: StagesProps) {
  const { t } = useTranslation();
  const used = useStageUse(pipeline, mayEdit);
  const { stages } = pipeline;
  if (stages.length === 0) {
    return <p className="border-line border-t py-3 text-fg3">{t("settings:pipelines.noStages")}</p>;
  }
  return (
    <ConfiguredList
      items={stages}
      idOf={({ id }) => id}
      mayEdit={mayEdit}
      onEdit={onEdit}
      move={(stage, position) => updateStage(stage, { position })}
      remove={deleteStage}
      mayReplace={(other, removed) => other.category === removed.category}
      usage={(removed) => (
        <StageDeals stages={[removed]} count={used?.get(removed.id)} className="mb-3" />
      )}
    >
      {(stage) => <StageFacts stage={stage} />}
    </ConfiguredList>
  );
}

function StageFacts({ stage }: { stage: Stage }) {
  const { t } = useTranslation();
  const { language, percent } = useFormat();
  const name = localName(stage, language);
  const meaning = t(`settings:stageCategory.${stage.category}`);
  return (
    <>
      <Dot colour={stage.color} className="size-2.5" />
      <span className="min-w-24 truncate">{name}</span>
      {stage.category === "open" ? (
        <span className="tnum w-12 shrink-0 text-fg2">{percent(stage.probability)}</span>
      ) : (
        name !== meaning && (
          <Badge colour={stage.category === "won" ? "green" : "gray"}>{meaning}</Badge>
        )
      )}
      {stage.expected_days !== null && (
        <span className="tnum text-fg3 text-xs phone:hidden">
          {t("settings:stage.expected", { count: stage.expected_days })}
        </span>
      )}
      {stage.required_fields.length > 0 && (
        <span className="truncate text-fg3 text-xs phone:hidden">
          {t("settings:stage.requires", {
            fields: stage.required_fields
              .map((field) => t(`settings:requiredField.${field}`))
              .join(t("records:listSeparator")),
          })}
        </span>
      )}
    </>
  );
}

function PipelineDialog({ pipeline, onClose }: { pipeline: Pipeline | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <FormDialog
      title={pipeline ? t("settings:pipelines.editTitle") : t("settings:pipelines.add")}
      description={pipeline ? undefined : t("settings:pipelines.addHint")}
      submitLabel={pipeline ? t("settings:save") : t("settings:pipelines.add")}
      initial={{ names: pipeline?.names ?? {}, is_active: pipeline?.is_active ?? true }}
      save={(values) =>
        pipeline ? updatePipeline(pipeline.id, pipeline.version, values) : createPipeline(values)
      }
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
          {!pipeline?.is_default && (
            <ActiveField
              value={form.values.is_active}
              onChange={(is_active) => form.set({ is_active })}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}
