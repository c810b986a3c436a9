import { ArrowDown, ArrowUp, Ellipsis, Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { IconButton } from "@/ui/IconButton";
import { Menu, type MenuEntry } from "@/ui/Menu";

interface OrderedLineProps {
  name: string;
  /** The line itself: a dot, the name, what is worth knowing. */
  children: ReactNode;
  mayEdit: boolean;
  isFirst: boolean;
  isLast: boolean;
  isFaded?: boolean;
  onMove: (by: 1 | -1) => void;
  onEdit: () => void;
  /** Absent when it cannot be removed. */
  onRemove?: (() => void) | undefined;
  entries?: MenuEntry[];
}

/** A line of an ordered list of configuration: moved by arrows, edited, removed. */
export function OrderedLine(props: OrderedLineProps) {
  const { t } = useTranslation();
  const { name, mayEdit, onMove, onRemove } = props;
  return (
    <li className="group flex min-h-11 items-center gap-2 border-line border-b">
      <div
        className={cn("flex min-w-0 flex-1 items-center gap-2.5", props.isFaded && "opacity-60")}
      >
        {props.children}
      </div>
      {mayEdit && (
        <div className="flex shrink-0 items-center">
          <IconButton
            size="sm"
            className="phone:hidden"
            label={t("common:moveUpNamed", { name })}
            disabled={props.isFirst}
            onClick={() => onMove(-1)}
          >
            <ArrowUp />
          </IconButton>
          <IconButton
            size="sm"
            className="phone:hidden"
            label={t("common:moveDownNamed", { name })}
            disabled={props.isLast}
            onClick={() => onMove(1)}
          >
            <ArrowDown />
          </IconButton>
          <Menu
            trigger={
              <IconButton size="sm" hasTooltip={false} label={t("settings:actionsOf", { name })}>
                <Ellipsis />
              </IconButton>
            }
            groups={[
              [
                {
                  id: "edit",
                  label: t("settings:edit"),
                  icon: <Pencil />,
                  onSelect: props.onEdit,
                },
                ...(props.entries ?? []),
              ],
              [
                {
                  id: "up",
                  label: t("settings:moveUp"),
                  icon: <ArrowUp />,
                  disabled: props.isFirst,
                  onSelect: () => onMove(-1),
                },
                {
                  id: "down",
                  label: t("settings:moveDown"),
                  icon: <ArrowDown />,
                  disabled: props.isLast,
                  onSelect: () => onMove(1),
                },
              ],
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
        </div>
      )}
    </li>
  );
}
