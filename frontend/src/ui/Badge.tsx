import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { type ColourName, colourVars } from "./colours";

/** A coloured dot before a status or stage; the text beside it carries the meaning. */
export function Dot({ colour, className }: { colour: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn("inline-block size-2 shrink-0 rounded-full", className)}
      style={{ background: colourVars(colour).dot }}
    />
  );
}

/** A short fact with a coloured ground. */
export function Badge({ colour = "gray", children }: { colour?: ColourName; children: ReactNode }) {
  const vars = colourVars(colour);
  return (
    <span
      className="inline-flex h-5 items-center gap-1 whitespace-nowrap rounded px-1.5 font-medium text-xs"
      style={{ background: vars.soft, color: vars.text }}
    >
      {children}
    </span>
  );
}

/** A tag as the users wrote it. */
export function Tag({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-40 shrink-0 items-center truncate rounded border border-line-strong bg-panel px-1.5 text-fg2 text-xs",
        className,
      )}
    >
      {children}
    </span>
  );
}

/** Where something stands: a dot and its name. */
export function Status({ colour, children }: { colour: string; children: ReactNode }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <Dot colour={colour} />
      <span className="truncate">{children}</span>
    </span>
  );
}
