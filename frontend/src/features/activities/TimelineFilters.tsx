import { ListFilter } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TimelineFilter } from "@/api/activities";
import type { ActivityKind } from "@/api/types";
import { KINDS, traits } from "@/features/records/activity-kinds";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { SegmentedControl } from "@/ui/SegmentedControl";

interface TimelineFiltersProps {
  value: TimelineFilter;
  onChange: (filter: TimelineFilter) => void;
}

const ONLY = ["all", "activities", "changes"] as const;

/** Everything, only activities or only changes; of activities only some kinds. */
export function TimelineFilters({ value, onChange }: TimelineFiltersProps) {
  const { t } = useTranslation();
  const { only, kinds } = value;
  function toggle(kind: ActivityKind) {
    const chosen = kinds.includes(kind)
      ? kinds.filter((other) => other !== kind)
      : KINDS.filter((other) => other === kind || kinds.includes(other));
    onChange({ only: chosen.length > 0 ? "activities" : only, kinds: chosen });
  }
  const names = kinds.map((kind) => t(`activities:kinds.${kind}`)).join(t("records:listSeparator"));
  return (
    <div className="flex flex-wrap items-center gap-1">
      <SegmentedControl
        label={t("activities:show")}
        value={only ?? "all"}
        onChange={(next) =>
          onChange({
            only: next === "all" ? undefined : next,
            kinds: next === "activities" ? kinds : [],
          })
        }
        options={ONLY.map((part) => ({ value: part, label: t(`activities:only.${part}`) }))}
      />
      {only !== "changes" && (
        <Menu
          trigger={
            <Button variant="ghost" size="sm" icon={<ListFilter className="size-3.5" />}>
              {names || t("activities:allKinds")}
            </Button>
          }
          groups={[
            KINDS.map((kind) => {
              const Icon = traits[kind].icon;
              return {
                id: kind,
                label: t(`activities:kinds.${kind}`),
                icon: <Icon />,
                checked: kinds.includes(kind),
                onSelect: () => toggle(kind),
              };
            }),
          ]}
        />
      )}
    </div>
  );
}
