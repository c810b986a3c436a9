import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/configuration";
import { configurationKey, createSource, deleteSource, updateSource } from "@/api/configure";
import type { Source } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { ConfiguredList } from "./ConfiguredList";
import { FormDialog } from "./FormDialog";
import { AddButton, Frame } from "./Frame";
import { NamesFields } from "./fields";
import { Loaded } from "./Loaded";
import { ActiveField } from "./StatusesSection";
import { keyOf } from "./use-change";
import { useMayConfigure } from "./use-may";

/** Where leads and customers come from. */
export default function SourcesSection() {
  const { t } = useTranslation();
  const sources = useQuery(sourcesQuery());
  const mayEdit = useMayConfigure("configuration");
  const [edited, setEdited] = useState<Source | "new" | null>(null);
  return (
    <Frame
      title={t("settings:section.sources")}
      description={t("settings:sources.hint")}
      action={
        mayEdit && <AddButton label={t("settings:sources.add")} onAdd={() => setEdited("new")} />
      }
    >
      <Loaded query={sources}>
        {(all) => <Sources sources={all} mayEdit={mayEdit} onEdit={setEdited} />}
      </Loaded>
      {edited && (
        <SourceDialog source={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Frame>
  );
}

interface SourcesProps {
  sources: Source[];
  mayEdit: boolean;
  onEdit: (source: Source) => void;
}

function Sources({ sources, mayEdit, onEdit }: SourcesProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <ConfiguredList
      label={t("settings:section.sources")}
      items={sources}
      idOf={({ key }) => key}
      mayEdit={mayEdit}
      onEdit={onEdit}
      move={({ key, version }, position) => updateSource(key, version, { position })}
      remove={({ key, version }, replacement) => deleteSource(key, version, replacement)}
    >
      {(source) => (
        <>
          <span className="truncate">{localName(source, language)}</span>
          {!source.is_active && <Badge>{t("settings:notOffered")}</Badge>}
        </>
      )}
    </ConfiguredList>
  );
}

function SourceDialog({ source, onClose }: { source: Source | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <FormDialog
      title={source ? t("settings:sources.editTitle") : t("settings:sources.add")}
      submitLabel={source ? t("settings:save") : t("settings:sources.add")}
      initial={{ names: source?.names ?? {}, is_active: source?.is_active ?? true }}
      save={(values) =>
        source
          ? updateSource(source.key, source.version, values)
          : createSource({ ...values, key: keyOf(values.names.en ?? "") })
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
          <ActiveField
            value={form.values.is_active}
            onChange={(is_active) => form.set({ is_active })}
          />
        </>
      )}
    </FormDialog>
  );
}
