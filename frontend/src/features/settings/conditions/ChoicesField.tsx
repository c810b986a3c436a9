import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { Checkbox } from "@/ui/Checkbox";
import { controlClass } from "@/ui/Input";
import { Popover } from "@/ui/Popover";

interface ChoicesFieldProps {
  /** Read out with what is chosen. */
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  options: { value: string; label: string; icon?: ReactNode }[];
  placeholder?: string;
}

/** Several choices of a short, known list; in the order of the list, however they were chosen. */
export function ChoicesField({ label, value, onChange, options, placeholder }: ChoicesFieldProps) {
  const { t } = useTranslation();
  // What is chosen and no longer offered can still be taken away.
  const lost = value.filter((chosen) => !options.some((option) => option.value === chosen));
  const all = [...options, ...lost.map((chosen) => ({ value: chosen, label: chosen, icon: null }))];
  const text = all
    .filter((option) => value.includes(option.value))
    .map((option) => option.label)
    .join(t("records:listSeparator"));

  function toggle(toggled: string, on: boolean) {
    const order = all.map((option) => option.value);
    onChange(order.filter((one) => (one === toggled ? on : value.includes(one))));
  }

  return (
    <Popover
      label={label}
      className="min-w-48"
      trigger={
        <button
          type="button"
          aria-label={text === "" ? label : `${label}: ${text}`}
          className={cn(controlClass, "flex h-8 items-center gap-2 text-left phone:h-11")}
        >
          <span className={cn("min-w-0 flex-1 truncate", text === "" && "text-fg3")}>
            {text === "" ? placeholder : text}
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-fg3" />
        </button>
      }
    >
      {all.map((option) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
        <label
          key={option.value}
          className="flex min-h-7 items-center gap-2 rounded-md px-1 hover:bg-hover phone:min-h-11"
        >
          <Checkbox
            checked={value.includes(option.value)}
            onCheckedChange={(on) => toggle(option.value, on)}
          />
          {option.icon}
          <span className="truncate">{option.label}</span>
        </label>
      ))}
    </Popover>
  );
}
