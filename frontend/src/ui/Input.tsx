import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** The frame every text control shares; phones need 16 px or they zoom in. */
export const controlClass =
  "w-full min-w-0 rounded-md border border-line-strong bg-raised px-2.5 text-sm text-fg transition-colors duration-100 hover:border-fg3 focus:border-accent focus:outline-2 focus:outline-accent focus:-outline-offset-1 disabled:bg-hover disabled:text-fg3 aria-invalid:border-danger phone:text-[16px]";

/** A single line of text. */
export function Input({ className, type = "text", ...rest }: ComponentProps<"input">) {
  return <input type={type} className={cn(controlClass, "h-8 phone:h-11", className)} {...rest} />;
}
