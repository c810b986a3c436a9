import { useQuery } from "@tanstack/react-query";
import { LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type ActivityTemplate,
  activityTemplatesQuery,
  deleteTemplate,
  updateTemplate,
} from "@/api/activity-templates";
import { traits } from "@/features/records/activity-kinds";
import { EmptyState } from "@/ui/EmptyState";
import { ConfiguredList } from "../ConfiguredList";
import { AddButton, Frame, Part } from "../Frame";
import { Loaded } from "../Loaded";
import { useMayConfigure } from "../use-may";
import { TemplateDialog } from "./TemplateDialog";

/** What activities can begin as: everybody's, and one's own. */
export default function TemplatesSection() {
  const { t } = useTranslation();
  const templates = useQuery(activityTemplatesQuery());
  const mayShare = useMayConfigure("configuration");
  const [edited, setEdited] = useState<ActivityTemplate | "new" | null>(null);
  return (
    <Frame
      title={t("settings:section.templates")}
      description={t("templates:hint")}
      action={<AddButton label={t("templates:add")} onAdd={() => setEdited("new")} />}
    >
      <Loaded query={templates}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<LayoutTemplate />} title={t("templates:none")}>
              {t("templates:noneHint")}
            </EmptyState>
          ) : (
            <>
              <Templates
                label={t("templates:shared")}
                templates={all.filter(({ is_shared }) => is_shared)}
                mayEdit={mayShare}
                onEdit={setEdited}
              />
              <Templates
                label={t("templates:own")}
                templates={all.filter(({ is_shared }) => !is_shared)}
                mayEdit
                onEdit={setEdited}
              />
            </>
          )
        }
      </Loaded>
      {edited && (
        <TemplateDialog
          template={edited === "new" ? null : edited}
          mayShare={mayShare}
          onClose={() => setEdited(null)}
        />
      )}
    </Frame>
  );
}

interface TemplatesProps {
  label: string;
  templates: ActivityTemplate[];
  mayEdit: boolean;
  onEdit: (template: ActivityTemplate) => void;
}

function Templates({ label, templates, mayEdit, onEdit }: TemplatesProps) {
  const { t } = useTranslation();
  return (
    <Part title={label}>
      {templates.length === 0 ? (
        <p className="text-fg3">{t("templates:noneHere")}</p>
      ) : (
        <ConfiguredList
          label={label}
          items={templates}
          idOf={({ id }) => id}
          mayEdit={mayEdit}
          onEdit={onEdit}
          move={(template, position) => updateTemplate(template, { position })}
          remove={(template) => deleteTemplate(template)}
          mayReplace={() => false}
          usage={() => <p>{t("templates:removeHint")}</p>}
        >
          {(template) => <Line template={template} />}
        </ConfiguredList>
      )}
    </Part>
  );
}

function Line({ template: { kind, name, subject, body } }: { template: ActivityTemplate }) {
  const { t } = useTranslation();
  const Icon = traits[kind].icon;
  return (
    <>
      <Icon className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      <span className="min-w-0 py-1.5">
        <span className="block truncate font-medium">
          <span className="sr-only">{t(`activities:kinds.${kind}`)}: </span>
          {name}
        </span>
        <span className="block truncate text-fg3 text-xs">{subject ?? body}</span>
      </span>
    </>
  );
}
