import { useTranslation } from "react-i18next";
import { type ActivityTemplate, createTemplate, updateTemplate } from "@/api/activity-templates";
import { configurationKey } from "@/api/configure";
import { FormDialog } from "../FormDialog";
import { draftOf, inputOf, type TemplateDraft } from "./draft";
import { TemplateFields } from "./TemplateFields";

interface TemplateDialogProps {
  /** Null makes a new one. */
  template: ActivityTemplate | null;
  mayShare: boolean;
  onClose: () => void;
}

/** The form of a template; whose it is stays as it was made. */
export function TemplateDialog({ template, mayShare, onClose }: TemplateDialogProps) {
  const { t } = useTranslation();
  const save = (draft: TemplateDraft) =>
    template
      ? updateTemplate(template, inputOf(draft))
      : createTemplate({ ...inputOf(draft), is_shared: draft.is_shared });
  return (
    <FormDialog
      title={template ? t("common:editNamed", { name: template.name }) : t("templates:add")}
      submitLabel={template ? t("settings:save") : t("templates:add")}
      initial={draftOf(template, mayShare)}
      size="lg"
      save={save}
      refresh={configurationKey}
      onClose={onClose}
    >
      {(form) => <TemplateFields form={form} canChooseWhose={template === null && mayShare} />}
    </FormDialog>
  );
}
