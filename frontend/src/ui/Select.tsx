import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { controlClass } from "./Input";
import { landmark, optionClass, popupClass } from "./popup";

export interface SelectOption<T extends string = string> {
  value: T;
  label: string;
  /** Drawn before the label, such as a coloured dot. */
  icon?: ReactNode;
}

export interface SelectProps<T extends string> {
  value: T | null;
  onChange: (value: T | null) => void;
  options: SelectOption<T>[];
  /** Read out when there is no FormField around it. */
  label?: string;
  placeholder?: string;
  /** Offers an empty choice with this text. */
  emptyLabel?: string;
  id?: string;
  name?: string;
  disabled?: boolean;
  className?: string;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  "aria-invalid"?: boolean | undefined;
  "aria-describedby"?: string | undefined;
  "aria-labelledby"?: string | undefined;
}

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
      <Base.Trigger
        id={props.id}
        aria-label={props.label}
        aria-labelledby={props["aria-labelledby"]}
        aria-invalid={props["aria-invalid"]}
        aria-describedby={props["aria-describedby"]}
        className={cn(
          controlClass,
          "flex h-8 items-center justify-between gap-2 text-left phone:h-11",
          props.className,
        )}
      >
        <Base.Value className="truncate data-placeholder:text-fg3" placeholder={props.placeholder}>
          {(value: T | null) => <SelectValue {...props} current={value} />}
        </Base.Value>
        <Base.Icon>
          <ChevronDown className="size-3.5 text-fg3" />
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

function SelectValue<T extends string>(props: SelectProps<T> & { current: T | null }) {
  const option = props.options.find((candidate) => candidate.value === props.current);
  if (!option)
    return <span className="text-fg3">{props.emptyLabel ?? props.placeholder ?? ""}</span>;
  return (
    <span className="flex items-center gap-2 truncate">
      {option.icon}
      <span className="truncate">{option.label}</span>
    </span>
  );
}
