import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { leadStatusesQuery, pipelinesQuery, sourcesQuery } from "@/api/configuration";
import { type Pool, poolsQuery } from "@/api/pools";
import { directoryQuery } from "@/api/search";
import type { DirectoryUser, LeadStatus, Names, Pipeline, Source } from "@/api/types";
import { useFormat } from "@/lib/format";
import type { Language } from "@/lib/i18n";
import { LANGUAGE_TAGS, languageName } from "@/lib/regions";
import type { Field } from "./model";

/** A value a field may take, as it is shown. */
export interface FieldOption {
  value: string;
  label: string;
  colour?: string | undefined;
}

/** The name of a configured thing in the language of the interface. */
export function localName(item: { name: string; names?: Names }, language: Language): string {
  return item.names?.[language] || item.name;
}

interface Configured {
  statuses: LeadStatus[];
  sources: Source[];
  pipelines: Pipeline[];
  people: DirectoryUser[];
  pools: Pool[];
}

function useConfigured(kinds: Field["kind"][]): Configured {
  const needs = (kind: Field["kind"]) => ({ enabled: kinds.includes(kind) });
  const statuses = useQuery({ ...leadStatusesQuery(), ...needs("leadStatus") });
  const sources = useQuery({ ...sourcesQuery(), ...needs("source") });
  const pipelines = useQuery({ ...pipelinesQuery(), ...needs("stage") });
  const directory = useQuery({ ...directoryQuery(), ...needs("user") });
  const pools = useQuery({ ...poolsQuery(), ...needs("pool") });
  return {
    statuses: statuses.data ?? [],
    sources: sources.data ?? [],
    pipelines: pipelines.data ?? [],
    people: directory.data ?? [],
    pools: pools.data ?? [],
  };
}

function stageOptions(pipelines: Pipeline[], language: Language): FieldOption[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage) => {
      const name = localName(stage, language);
      return {
        value: stage.id,
        label: pipelines.length > 1 ? `${localName(pipeline, language)} · ${name}` : name,
        colour: stage.color,
      };
    }),
  );
}

function optionsOf(field: Field, configured: Configured, t: TFunction, language: Language) {
  switch (field.kind) {
    case "alert":
    case "choice":
      return (field.choices ?? []).map((value) => ({
        value,
        label: t(`${field.choiceLabels}${value}`),
        colour: field.choiceColours?.[value],
      }));
    case "leadStatus":
      return configured.statuses.map((status) => ({
        value: status.key,
        label: localName(status, language),
        colour: status.color,
      }));
    case "source":
      return configured.sources.map((source) => ({
        value: source.key,
        label: localName(source, language),
      }));
    case "language":
      return LANGUAGE_TAGS.map((tag) => ({ value: tag, label: languageName(tag, language) }));
    case "user":
      return configured.people.map((person) => ({ value: person.id, label: person.name }));
    case "pool":
      return configured.pools.map((pool) => ({ value: pool.id, label: pool.name }));
    case "stage":
      return stageOptions(configured.pipelines, language);
    default:
      return [];
  }
}

/** The values each of some fields may take, in their order; empty for fields of free values. */
export function useOptionsOf(fields: Field[]): FieldOption[][] {
  const { t } = useTranslation();
  const { language } = useFormat();
  const configured = useConfigured(fields.map((field) => field.kind));
  return fields.map((field) => optionsOf(field, configured, t, language));
}

/** The values one field may take. */
export function useOptions(field: Field): FieldOption[] {
  return useOptionsOf([field])[0] ?? [];
}
