import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Spinner } from "./Spinner";

const variants = {
  primary: "bg-accent text-accent-fg hover:bg-accent-strong disabled:hover:bg-accent font-medium",
  secondary: "border border-line-strong bg-raised text-fg hover:bg-hover",
  ghost: "text-fg2 hover:bg-hover hover:text-fg",
  danger: "border border-line-strong bg-raised text-danger hover:bg-danger-soft",
};

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof variants;
  size?: "sm" | "md";
  /** Shows a spinner and refuses presses while something is under way. */
  busy?: boolean;
  icon?: ReactNode;
}

/** A press that does something; one primary button per view. */
export function Button({
  variant = "secondary",
  size = "md",
  busy = false,
  icon,
  className,
  children,
  disabled,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cn(
        "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md text-sm transition-colors duration-100 select-none disabled:opacity-50",
        size === "md" ? "h-8 px-3 phone:h-11 phone:px-4" : "h-7 px-2 phone:h-11 phone:px-3",
        variants[variant],
        className,
      )}
      {...rest}
    >
      {busy ? <Spinner className="size-3.5" /> : icon}
      {children}
    </button>
  );
}
