import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/configuration";
import { configurationKey, createSource, deleteSource, updateSource } from "@/api/configure";
import type { Source } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { FormDialog } from "./FormDialog";
import { Frame } from "./Frame";
import { NamesFields } from "./fields";
import { Loaded } from "./Loaded";
import { OrderedLine } from "./OrderedLine";
import { RemoveDialog } from "./RemoveDialog";
import { ActiveField } from "./StatusesSection";
import { keyOf, useChange } from "./use-change";
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
        mayEdit && (
          <Button
            variant="primary"
            icon={<Plus className="size-4" />}
            onClick={() => setEdited("new")}
          >
            {t("settings:sources.add")}
          </Button>
        )
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
  const change = useChange();
  const [removed, setRemoved] = useState<Source | null>(null);
  return (
    <>
      <ul aria-label={t("settings:section.sources")} className="border-line border-t">
        {sources.map((source, index) => (
          <OrderedLine
            key={source.key}
            name={localName(source, language)}
            mayEdit={mayEdit}
            isFirst={index === 0}
            isLast={index === sources.length - 1}
            isFaded={!source.is_active}
            onMove={(by) =>
              change.mutate(() =>
                updateSource(source.key, source.version, { position: index + by }),
              )
            }
            onEdit={() => onEdit(source)}
            onRemove={() => setRemoved(source)}
          >
            <span className="truncate">{localName(source, language)}</span>
            {!source.is_active && <Badge>{t("settings:notOffered")}</Badge>}
          </OrderedLine>
        ))}
      </ul>
      {removed && (
        <RemoveDialog
          name={localName(removed, language)}
          replacements={sources
            .filter((other) => other.key !== removed.key)
            .map((other) => ({ value: other.key, label: localName(other, language) }))}
          remove={(replacement) => deleteSource(removed.key, removed.version, replacement)}
          refresh={configurationKey}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
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
