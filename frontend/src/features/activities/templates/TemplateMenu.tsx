import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { LayoutTemplate, Settings2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import {
  type ActivityTemplate,
  activityTemplatesQuery,
  type FilledTemplate,
  fillTemplate,
} from "@/api/activity-templates";
import { asProblem } from "@/api/problem";
import type { About, ActivityKind } from "@/api/types";
import { traits } from "@/features/records/activity-kinds";
import { Button } from "@/ui/Button";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { toast } from "@/ui/Toast";

interface TemplateMenuProps {
  /** Templates of this kind stand first. */
  kind: ActivityKind;
  /** What the activity is to be about. */
  about: About[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onFilled: (filled: FilledTemplate, name: string) => void;
}

/** Begins an activity with a template. */
export function TemplateMenu({ kind, about, open, onOpenChange, onFilled }: TemplateMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const templates = useQuery(activityTemplatesQuery());

  async function use({ id, name }: ActivityTemplate) {
    try {
      onFilled(await fillTemplate(id, about), name);
    } catch (error) {
      const problem = asProblem(error);
      toast(problem.title, {
        tone: "error",
        ...(problem.detail && { description: problem.detail }),
      });
    }
  }

  const entryOf = (template: ActivityTemplate): MenuEntry => {
    const Icon = traits[template.kind].icon;
    const word = t(`activities:kinds.${template.kind}`);
    return {
      id: template.id,
      label: template.kind === kind ? template.name : `${template.name} · ${word}`,
      icon: <Icon />,
      onSelect: () => void use(template),
    };
  };
  const all = templates.data ?? [];
  const note = templates.isPending
    ? t("templates:loading")
    : templates.isError
      ? asProblem(templates.error).title
      : all.length === 0
        ? t("templates:none")
        : null;
  return (
    <Menu
      open={open}
      onOpenChange={onOpenChange}
      align="start"
      trigger={
        <Button
          variant="ghost"
          aria-keyshortcuts="M"
          icon={<LayoutTemplate className="size-4" aria-hidden="true" />}
        >
          {t("templates:menu")}
        </Button>
      }
      groups={[
        note === null
          ? []
          : [{ id: "note", label: note, disabled: true, onSelect: () => undefined }],
        all.filter((template) => template.kind === kind).map(entryOf),
        all.filter((template) => template.kind !== kind).map(entryOf),
        [
          {
            id: "manage",
            label: t("templates:manage"),
            icon: <Settings2 />,
            onSelect: () => void navigate({ to: "/settings/templates" as string }),
          },
        ],
      ]}
    />
  );
}
