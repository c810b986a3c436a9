import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { controlClass } from "./Input";

/** Several lines of text; grows with what is written. */
export function Textarea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={rows}
      className={cn(controlClass, "field-sizing-content max-h-80 resize-y py-1.5", className)}
      {...rest}
    />
  );
}
