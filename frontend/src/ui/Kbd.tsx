import { cn } from "@/lib/cn";
import { keyParts } from "@/lib/shortcuts";

/** A key or a sequence of keys, such as `$mod+k` or `g l`, as the user's keyboard names them. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-0.5 phone:hidden", className)}>
      {keyParts(keys).map((part) => (
        <kbd
          key={part.id}
          className="min-w-4 rounded border border-line-strong bg-bg px-1 text-center font-sans text-[10.5px] text-fg3 leading-4"
        >
          {part.label}
        </kbd>
      ))}
    </span>
  );
}
