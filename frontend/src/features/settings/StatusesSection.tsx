import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { leadStatusesQuery } from "@/api/configuration";
import { configurationKey, createStatus, deleteStatus, updateStatus } from "@/api/configure";
import type { LeadCategory, LeadStatus } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Badge, Dot } from "@/ui/Badge";
import { FormField } from "@/ui/FormField";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { ConfiguredList } from "./ConfiguredList";
import { FormDialog } from "./FormDialog";
import { AddButton, Frame } from "./Frame";
import { ColourField, NamesFields } from "./fields";
import { Loaded } from "./Loaded";
import { keyOf } from "./use-change";
import { useMayConfigure } from "./use-may";

const CATEGORIES: LeadCategory[] = [
  "new",
  "working",
  "nurturing",
  "qualified",
  "converted",
  "disqualified",
];

/** Where a lead can stand. */
export default function StatusesSection() {
  const { t } = useTranslation();
  const statuses = useQuery(leadStatusesQuery());
  const mayEdit = useMayConfigure("configuration");
  const [edited, setEdited] = useState<LeadStatus | "new" | null>(null);
  return (
    <Frame
      title={t("settings:section.statuses")}
      description={t("settings:statuses.hint")}
      action={
        mayEdit && <AddButton label={t("settings:statuses.add")} onAdd={() => setEdited("new")} />
      }
    >
      <Loaded query={statuses}>
        {(all) => <Statuses statuses={all} mayEdit={mayEdit} onEdit={setEdited} />}
      </Loaded>
      {edited && (
        <StatusDialog status={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Frame>
  );
}

interface StatusesProps {
  statuses: LeadStatus[];
  mayEdit: boolean;
  onEdit: (status: LeadStatus) => void;
}

function Statuses({ statuses, mayEdit, onEdit }: StatusesProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <ConfiguredList
      label={t("settings:section.statuses")}
      items={statuses}
      idOf={({ key }) => key}
      mayEdit={mayEdit}
      onEdit={onEdit}
      move={({ key, version }, position) => updateStatus(key, version, { position })}
      remove={({ key, version }, replacement) => deleteStatus(key, version, replacement)}
    >
      {(status) => (
        <>
          <Dot colour={status.color} className="size-2.5" />
          <span className="truncate">{localName(status, language)}</span>
          <StatusMeaning status={status} />
          {!status.is_active && <Badge>{t("settings:notOffered")}</Badge>}
        </>
      )}
    </ConfiguredList>
  );
}

/** What a status means, where its name does not say so already. */
function StatusMeaning({ status }: { status: LeadStatus }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const meaning = t(`settings:category.${status.category}`);
  if (meaning === localName(status, language)) return null;
  return <span className="text-fg3 text-xs">{meaning}</span>;
}

function StatusDialog({ status, onClose }: { status: LeadStatus | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <FormDialog
      title={status ? t("settings:statuses.editTitle") : t("settings:statuses.add")}
      submitLabel={status ? t("settings:save") : t("settings:statuses.add")}
      initial={{
        names: status?.names ?? {},
        category: status?.category ?? ("working" as LeadCategory),
        color: status?.color ?? "blue",
        is_active: status?.is_active ?? true,
      }}
      save={(values) =>
        status
          ? updateStatus(status.key, status.version, values)
          : createStatus({ ...values, key: keyOf(values.names.en ?? "") })
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
          <FormField
            label={t("settings:statuses.category")}
            hint={t("settings:statuses.categoryHint")}
            error={form.error("category")}
          >
            {(control) => (
              <Select<LeadCategory>
                {...control}
                value={form.values.category}
                onChange={(category) => category && form.set({ category })}
                options={CATEGORIES.map((category) => ({
                  value: category,
                  label: t(`settings:category.${category}`),
                }))}
              />
            )}
          </FormField>
          <ColourField value={form.values.color} onChange={(color) => form.set({ color })} />
          <ActiveField
            value={form.values.is_active}
            onChange={(is_active) => form.set({ is_active })}
          />
        </>
      )}
    </FormDialog>
  );
}

interface ActiveFieldProps {
  value: boolean;
  onChange: (value: boolean) => void;
}

/** Whether something is still offered for new records. */
export function ActiveField({ value, onChange }: ActiveFieldProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control
    <label className="col-span-full flex items-center gap-2 phone:h-11">
      <Switch checked={value} onCheckedChange={onChange} />
      {t("settings:offered")}
    </label>
  );
}
