import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** A box to tick; `indeterminate` means some of what it stands for. */
export function Checkbox({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      className={cn(
        "relative flex size-4 shrink-0 items-center justify-center rounded border border-field bg-raised transition-colors duration-100 hover:border-accent data-checked:border-accent data-indeterminate:border-accent data-checked:bg-accent data-indeterminate:bg-accent data-disabled:opacity-50 phone:before:absolute phone:before:-inset-3.5",
        className,
      )}
      {...rest}
    >
      <Base.Indicator className="flex text-accent-fg data-unchecked:hidden">
        {rest.indeterminate ? (
          <Minus className="size-3" strokeWidth={3} />
        ) : (
          <Check className="size-3" strokeWidth={3} />
        )}
      </Base.Indicator>
    </Base.Root>
  );
}
