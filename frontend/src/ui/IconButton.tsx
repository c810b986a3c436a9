import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { Tooltip } from "./Tooltip";

export interface IconButtonProps extends ComponentProps<"button"> {
  /** What pressing does; read out, and shown as a tooltip. */
  label: string;
  shortcut?: string;
  size?: "sm" | "md";
  /** Without it only readers are told the label; for a cross that needs no words. */
  hasTooltip?: boolean;
}

/** A button of one icon. Its label is required because an icon alone says nothing to many. */
export function IconButton({
  label,
  shortcut,
  size = "md",
  hasTooltip = true,
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  const button = (
    <button
      type={type}
      aria-label={label}
      className={cn(
        "inline-flex shrink-0 items-center justify-center rounded-md text-fg2 transition-colors duration-100 hover:bg-hover hover:text-fg disabled:opacity-50 data-popup-open:bg-hover [&_svg]:size-4",
        size === "md" ? "size-8 phone:size-11" : "size-6 phone:size-11",
        className,
      )}
      {...rest}
    />
  );
  if (!hasTooltip) return button;
  return (
    <Tooltip content={label} shortcut={shortcut}>
      {button}
    </Tooltip>
  );
}
