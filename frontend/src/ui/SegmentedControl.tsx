import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface SegmentedControlProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: { value: T; label: ReactNode; icon?: ReactNode }[];
  className?: string;
}

/** Two to four choices side by side, one always on. */
export function SegmentedControl<T extends string>(props: SegmentedControlProps<T>) {
  return (
    <ToggleGroup
      aria-label={props.label}
      value={[props.value]}
      onValueChange={(values) => {
        const next = values.find((value) => value !== props.value);
        if (next !== undefined) props.onChange(next as T);
      }}
      className={cn("inline-flex rounded-md bg-hover p-0.5", props.className)}
    >
      {props.options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="flex h-7 flex-1 items-center justify-center gap-1.5 whitespace-nowrap rounded px-2.5 text-fg2 data-pressed:bg-raised data-pressed:text-fg data-pressed:shadow-card dark:data-pressed:bg-line-strong phone:h-10 [&_svg]:size-4"
        >
          {option.icon}
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
