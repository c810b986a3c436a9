import { Switch as Base } from "@base-ui/react/switch";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** An on–off setting that takes effect at once. */
export function Switch({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      className={cn(
        "relative flex h-4.5 w-8 shrink-0 rounded-full bg-field p-0.5 transition-colors duration-100 data-checked:bg-accent data-disabled:opacity-50 phone:before:absolute phone:before:-inset-x-2 phone:before:-inset-y-3.5",
        className,
      )}
      {...rest}
    >
      <Base.Thumb className="size-3.5 rounded-full bg-white transition-transform duration-100 data-checked:translate-x-3.5" />
    </Base.Root>
  );
}
