import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { controlClass } from "./Input";

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
  autoFocus?: boolean;
  onOpenChange?: (open: boolean) => void;
  "aria-invalid"?: boolean | undefined;
  "aria-describedby"?: string | undefined;
  "aria-labelledby"?: string | undefined;
}

/** What the closed control is and looks like, whoever draws it. */
export function faceProps<T extends string>(props: SelectProps<T>) {
  return {
    id: props.id,
    "aria-label": props.label,
    "aria-labelledby": props["aria-labelledby"],
    "aria-invalid": props["aria-invalid"],
    "aria-describedby": props["aria-describedby"],
    autoFocus: props.autoFocus,
    className: cn(
      controlClass,
      "flex h-8 items-center justify-between gap-2 text-left phone:h-11",
      props.className,
    ),
  };
}

/** The label of the chosen option. */
export function SelectValue<T extends string>(props: SelectProps<T> & { current: T | null }) {
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

export function SelectArrow() {
  return <ChevronDown className="size-3.5 text-fg3" />;
}
