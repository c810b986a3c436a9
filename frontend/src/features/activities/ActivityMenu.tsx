import {
  CalendarArrowUp,
  CalendarDays,
  CalendarPlus,
  CalendarX2,
  MoreHorizontal,
  Pencil,
  RotateCcw,
  Trash2,
} from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Activity } from "@/api/types";
import { wasPlanned } from "@/features/records/activity-kinds";
import { nextMonday, tomorrow } from "@/lib/days";
import { toDate } from "@/lib/format";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { IconButton } from "@/ui/IconButton";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { useActivityActions } from "./use-activity-actions";

const EditActivity = lazyNamed(() =>
  withTexts("files", () => import("./EditActivity")).then((module) => module.EditActivity),
);
const PickDay = lazyNamed(() => import("./PickDay").then((module) => module.PickDay));

type Layer = "edit" | "pick" | null;

interface ActivityMenuProps {
  activity: Activity;
  className?: string;
}

/** What else can be done to an activity: put off, edited, reopened, called off, deleted. */
export function ActivityMenu({ activity, className }: ActivityMenuProps) {
  const { t } = useTranslation();
  const { postpone, reopen, cancel, remove } = useActivityActions();
  const [layer, setLayer] = useState<Layer>(null);
  const { can, status, due_at } = activity;
  if (!can.edit && !can.delete) return null;

  const later: MenuEntry[] = [
    {
      id: "tomorrow",
      label: t("activities:tomorrow"),
      icon: <CalendarPlus />,
      onSelect: () => void postpone(activity, tomorrow()),
    },
    {
      id: "nextWeek",
      label: t("activities:nextWeek"),
      icon: <CalendarArrowUp />,
      onSelect: () => void postpone(activity, nextMonday()),
    },
    {
      id: "pick",
      label: t("activities:pickDay"),
      icon: <CalendarDays />,
      onSelect: () => setLayer("pick"),
    },
  ];
  const edit: MenuEntry = {
    id: "edit",
    label: t("activities:edit"),
    icon: <Pencil />,
    onSelect: () => setLayer("edit"),
  };
  const again: MenuEntry = {
    id: "reopen",
    label: t("activities:reopen"),
    icon: <RotateCcw />,
    onSelect: () => void reopen(activity),
  };
  const off: MenuEntry = {
    id: "cancel",
    label: t("activities:cancel"),
    icon: <CalendarX2 />,
    onSelect: () => void cancel(activity),
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton
            size="sm"
            hasTooltip={false}
            label={t("activities:moreOf", { name: activity.name })}
            className={className}
          >
            <MoreHorizontal />
          </IconButton>
        }
        groups={[
          can.edit && status === "open" ? later : [],
          can.edit
            ? [edit, ...(wasPlanned(activity) ? [again] : []), ...(status === "open" ? [off] : [])]
            : [],
          can.delete
            ? [
                {
                  id: "delete",
                  label: t("records:delete"),
                  icon: <Trash2 />,
                  danger: true,
                  onSelect: () => void remove(activity),
                },
              ]
            : [],
        ]}
      />
      <Suspense fallback={null}>
        {layer === "edit" && <EditActivity activity={activity} onClose={() => setLayer(null)} />}
        {layer === "pick" && (
          <PickDay
            title={t("activities:pickDay")}
            value={due_at && toDate(due_at)}
            onPick={(day) => void postpone(activity, day)}
            onClose={() => setLayer(null)}
          />
        )}
      </Suspense>
    </>
  );
}
