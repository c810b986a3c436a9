import { Checkbox } from "@/ui/Checkbox";

interface CheckboxesFieldProps<T> {
  label: string;
  /** `name` is read out in the place of a label that is cut short. */
  options: { value: T; label: string; name?: string }[];
  value: readonly T[];
  /** Called with what is chosen, in the order of the options. */
  onChange: (value: T[]) => void;
  error: string | undefined;
  hint?: string;
}

/** Several of a few choices, all of them in sight. */
export function CheckboxesField<T extends string | number>(props: CheckboxesFieldProps<T>) {
  const { options, value, onChange } = props;
  const toggle = (toggled: T, on: boolean) =>
    onChange(
      options
        .map((option) => option.value)
        .filter((other) => (other === toggled ? on : value.includes(other))),
    );
  return (
    <fieldset className="col-span-full">
      <legend className="mb-1 text-fg2 text-xs">{props.label}</legend>
      <div className="flex flex-wrap gap-x-4">
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
          <label
            key={option.value}
            className="flex h-8 items-center gap-2 phone:h-11 phone:min-w-20"
          >
            <Checkbox
              checked={value.includes(option.value)}
              onCheckedChange={(on) => toggle(option.value, on)}
              aria-label={option.name}
            />
            {option.label}
          </label>
        ))}
      </div>
      {props.error && <p className="text-danger text-xs">{props.error}</p>}
      {props.hint && <p className="text-fg3 text-xs">{props.hint}</p>}
    </fieldset>
  );
}
