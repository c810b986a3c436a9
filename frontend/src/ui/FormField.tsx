import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

/** What a control inside a FormField must take, so that its label, hint and error are read out. */
export interface FieldControl {
  id: string;
  "aria-labelledby": string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface FormFieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  className?: string;
  /** The control is a group of controls, so that the label names it without leading to one. */
  isGroup?: boolean;
  children: (control: FieldControl) => ReactNode;
}

/** A label above its control, with a hint and an error below it. */
export function FormField(props: FormFieldProps) {
  const { label, hint, error, required, className, children } = props;
  const id = useId();
  const Label = props.isGroup ? "span" : "label";
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <Label
        id={`${id}-label`}
        {...(!props.isGroup && { htmlFor: id })}
        className="text-fg2 text-xs"
      >
        {label}
        {required && (
          <span aria-hidden="true" className="ml-0.5 text-danger">
            *
          </span>
        )}
      </Label>
      {children({
        id,
        "aria-labelledby": `${id}-label`,
        "aria-describedby": [errorId, hintId].filter(Boolean).join(" ") || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p id={errorId} className="text-danger text-xs">
          {error}
        </p>
      )}
      {hint && (
        <p id={hintId} className="text-fg3 text-xs">
          {hint}
        </p>
      )}
    </div>
  );
}
