import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Checkbox } from "./Checkbox";
import { IconButton } from "./IconButton";
import { Popover } from "./Popover";
import { orderedIds, type TableLayout } from "./table-layout";

interface ColumnChooserProps {
  /** The columns that may be hidden or moved, in their original order. */
  columns: { id: string; header: string }[];
  layout: TableLayout;
  onChange: (layout: TableLayout) => void;
}

/** Which columns a list shows, and in what order. */
export function ColumnChooser({ columns, layout, onChange }: ColumnChooserProps) {
  const { t } = useTranslation();
  const ids = orderedIds(
    columns.map((column) => column.id),
    layout.order,
  );

  function move(id: string, by: number) {
    const from = ids.indexOf(id);
    const order = ids.filter((other) => other !== id);
    order.splice(from + by, 0, id);
    onChange({ ...layout, order });
  }

  function show(id: string, visible: boolean) {
    const hidden = layout.hidden.filter((other) => other !== id);
    onChange({ ...layout, hidden: visible ? hidden : [...hidden, id] });
  }

  return (
    <Popover
      label={t("common:columns")}
      align="end"
      className="w-64"
      trigger={
        <Button variant="ghost" icon={<Columns3 className="size-4" />}>
          {t("common:columns")}
        </Button>
      }
    >
      <ul>
        {ids.map((id, index) => (
          <ColumnLine
            key={id}
            header={columns.find((column) => column.id === id)?.header ?? id}
            visible={!layout.hidden.includes(id)}
            onVisible={(visible) => show(id, visible)}
            onUp={index > 0 ? () => move(id, -1) : undefined}
            onDown={index < ids.length - 1 ? () => move(id, 1) : undefined}
          />
        ))}
      </ul>
    </Popover>
  );
}

interface ColumnLineProps {
  header: string;
  visible: boolean;
  onVisible: (visible: boolean) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}

function ColumnLine({ header, visible, onVisible, onUp, onDown }: ColumnLineProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <li className="group flex h-8 items-center gap-2 rounded-md px-1 hover:bg-hover phone:h-11">
      <Checkbox
        id={id}
        aria-labelledby={`${id}-label`}
        checked={visible}
        onCheckedChange={onVisible}
      />
      <label id={`${id}-label`} htmlFor={id} className="min-w-0 flex-1 truncate">
        {header}
      </label>
      <IconButton
        size="sm"
        label={t("common:moveUpNamed", { name: header })}
        disabled={!onUp}
        onClick={onUp}
      >
        <ArrowUp />
      </IconButton>
      <IconButton
        size="sm"
        label={t("common:moveDownNamed", { name: header })}
        disabled={!onDown}
        onClick={onDown}
      >
        <ArrowDown />
      </IconButton>
    </li>
  );
}
