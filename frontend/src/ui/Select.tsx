import { Select as Base } from "@base-ui/react/select";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { landmark, optionClass, popupClass } from "./popup";
import { faceProps, SelectArrow, type SelectProps, SelectValue } from "./select-face";

export type { SelectOption } from "./select-face";

/** One choice of a short, known list. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { t } = useTranslation();
  const { options, emptyLabel } = props;
  const items = [
    ...(emptyLabel === undefined ? [] : [{ value: null, label: emptyLabel }]),
    ...options,
  ];
  return (
    <Base.Root
      items={items}
      value={props.value}
      onValueChange={(value) => props.onChange(value as T | null)}
      disabled={props.disabled ?? false}
      defaultOpen={props.defaultOpen ?? false}
      {...(props.name !== undefined && { name: props.name })}
      {...(props.onOpenChange && { onOpenChange: props.onOpenChange })}
    >
      <Base.Trigger {...faceProps(props)}>
        <Base.Value className="truncate data-placeholder:text-fg3" placeholder={props.placeholder}>
          {(value: T | null) => <SelectValue {...props} current={value} />}
        </Base.Value>
        <Base.Icon>
          <SelectArrow />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          {...landmark(t("common:choices"))}
          sideOffset={4}
          alignItemWithTrigger={false}
          className="z-50"
        >
          <Base.Popup className={cn(popupClass, "min-w-(--anchor-width)")}>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1">
              {items.map((item) => (
                <Base.Item key={item.value ?? ""} value={item.value} className={optionClass}>
                  {"icon" in item && item.icon}
                  <Base.ItemText className="flex-1">{item.label}</Base.ItemText>
                  <Base.ItemIndicator>
                    <Check className="size-3.5" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
