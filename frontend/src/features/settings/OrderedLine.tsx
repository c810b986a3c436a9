import { ArrowDown, ArrowUp, Ellipsis, GripVertical, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { IconButton } from "@/ui/IconButton";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { useLineDrag } from "./use-line-drag";

interface OrderedLineProps {
  name: string;
  /** The line itself: a dot, the name, what is worth knowing. */
  children: ReactNode;
  mayEdit: boolean;
  isFirst: boolean;
  isLast: boolean;
  isFaded?: boolean;
  /** The list it may be dragged within, and its place there. */
  list: string;
  index: number;
  /** Called with the place from which another line of the list was dropped, and where it is to go. */
  onDrop: (from: number, to: number) => void;
  onMove: (by: 1 | -1) => void;
  onEdit: () => void;
  /** Absent when it cannot be removed. */
  onRemove?: (() => void) | undefined;
  entries?: MenuEntry[];
}

/** A line of an ordered list of configuration: moved by arrows or dragged, edited, removed. */
export function OrderedLine(props: OrderedLineProps) {
  const { t } = useTranslation();
  const { name, mayEdit, onMove, onRemove, list, index } = props;
  const line = useRef<HTMLLIElement>(null);
  const { dragging, edge } = useLineDrag(line, {
    list,
    index,
    enabled: mayEdit && !(props.isFirst && props.isLast),
    onDrop: props.onDrop,
  });
  return (
    <li
      ref={line}
      className={cn(
        "group relative flex min-h-11 items-center gap-2 border-line border-b",
        dragging && "opacity-40",
      )}
    >
      {edge && (
        <span
          aria-hidden="true"
          className={cn(
            "absolute inset-x-0 h-0.5 bg-accent",
            edge === "top" ? "-top-px" : "-bottom-px",
          )}
        />
      )}
      {mayEdit && (
        <GripVertical
          aria-hidden="true"
          className="-mr-1 -ml-5 size-4 shrink-0 cursor-grab text-fg3 opacity-0 group-hover:opacity-100 phone:hidden"
        />
      )}
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
