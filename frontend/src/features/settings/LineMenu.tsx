import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";

interface LineMenuProps {
  /** What the line is about. */
  name: string;
  onEdit: () => void;
  /** Absent when it cannot be removed. */
  onRemove?: (() => void) | undefined;
}

/** What can be done with a line of a list without an order. */
export function LineMenu({ name, onEdit, onRemove }: LineMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu
      trigger={
        <IconButton size="sm" hasTooltip={false} label={t("settings:actionsOf", { name })}>
          <Ellipsis />
        </IconButton>
      }
      groups={[
        [{ id: "edit", label: t("settings:edit"), icon: <Pencil />, onSelect: onEdit }],
        onRemove
          ? [
              {
                id: "remove",
                label: t("settings:remove"),
                icon: <Trash2 />,
                danger: true,
                onSelect: onRemove,
              },
            ]
          : [],
      ]}
    />
  );
}
