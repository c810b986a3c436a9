import { Radio as Base } from "@base-ui/react/radio";
import { RadioGroup as BaseGroup } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

interface RadioOption<T extends string> {
  value: T;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

interface RadioGroupProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: RadioOption<T>[];
  className?: string;
}

/** One choice among few that are worth showing all at once. */
export function RadioGroup<T extends string>(props: RadioGroupProps<T>) {
  return (
    <BaseGroup
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value as T)}
      className={cn("flex flex-col gap-1", props.className)}
    >
      {props.options.map((option) => (
        <RadioRow key={option.value} {...option} />
      ))}
    </BaseGroup>
  );
}

function RadioRow<T extends string>({ value, label, hint, disabled }: RadioOption<T>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2 py-1 phone:min-h-11 phone:py-2">
      <Base.Root
        id={id}
        value={value}
        disabled={disabled ?? false}
        aria-labelledby={`${id}-label`}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-field bg-raised hover:border-accent data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Indicator className="size-1.5 rounded-full bg-accent-fg data-unchecked:hidden" />
      </Base.Root>
      <label id={`${id}-label`} htmlFor={id} className="min-w-0 flex-1">
        {label}
        {hint && <span className="block text-fg3 text-xs">{hint}</span>}
      </label>
    </div>
  );
}
