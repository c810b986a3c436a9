import { Check } from "lucide-react";
import { Fragment, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { Kbd } from "./Kbd";
import { landmark, optionClass, popupClass } from "./popup";
import { useFloating, useLoneTrigger } from "./use-floating";

export interface MenuEntry {
  /** Unique within the menu. */
  id: string;
  label: string;
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Draws a tick: the entry is a choice that is on or off. */
  checked?: boolean;
  onSelect: () => void;
}

interface MenuProps {
  trigger: ReactElement;
  /** Groups of entries, divided by a hairline. */
  groups: MenuEntry[][];
  header?: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  /** Where something else than its button opens it too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A list of actions behind a button. */
export function Menu(props: MenuProps) {
  const { trigger, groups, header, align = "end", side = "bottom", open, onOpenChange } = props;
  const { t } = useTranslation();
  const floating = useFloating();
  const { lone, isPressed } = useLoneTrigger(trigger, () => onOpenChange?.(true));
  if (!floating) return lone;
  const Base = floating.Menu;
  return (
    <Base.Root
      {...(open === undefined ? { defaultOpen: isPressed } : { open })}
      onOpenChange={(opened) => onOpenChange?.(opened)}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          {...landmark(t("common:choices"))}
          sideOffset={4}
          align={align}
          side={side}
          className="z-50"
        >
          <Base.Popup
            className={cn(popupClass, "max-h-(--available-height) min-w-48 overflow-y-auto p-1")}
          >
            {header}
            {groups
              .filter((group) => group.length > 0)
              .map((group, index) => (
                <Fragment key={group[0]?.id}>
                  {index > 0 && <Base.Separator className="my-1 h-px bg-line" />}
                  {group.map((entry) => (
                    <MenuLine key={entry.id} base={Base} entry={entry} />
                  ))}
                </Fragment>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuLineProps {
  base: typeof import("@base-ui/react/menu").Menu;
  entry: MenuEntry;
}

function MenuLine({ base: Base, entry }: MenuLineProps) {
  const className = cn(optionClass, entry.danger && "text-danger");
  const content = (
    <>
      {entry.icon && <span className="flex text-fg3 [&_svg]:size-4">{entry.icon}</span>}
      <span className="flex-1">{entry.label}</span>
      {entry.shortcut && <Kbd keys={entry.shortcut} />}
    </>
  );
  if (entry.checked !== undefined) {
    return (
      <Base.CheckboxItem
        checked={entry.checked}
        onCheckedChange={entry.onSelect}
        disabled={entry.disabled ?? false}
        className={className}
      >
        {content}
        <Base.CheckboxItemIndicator>
          <Check className="size-3.5" />
        </Base.CheckboxItemIndicator>
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Item onClick={entry.onSelect} disabled={entry.disabled ?? false} className={className}>
      {content}
    </Base.Item>
  );
}
