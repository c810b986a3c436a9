import { cn } from "@/lib/cn";

/** A grey shape where something will be. Wrap a group in an element with `aria-busy`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn("block h-3 animate-pulse rounded bg-hover", className)}
    />
  );
}

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-2/3", "w-1/3", "w-3/4", "w-5/12", "w-7/12"];

/** Rows of a list that is still loading. */
export function SkeletonRows({ label }: { label: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={label}>
      {WIDTHS.map((width) => (
        <div
          key={width}
          className="flex h-9 items-center gap-3 border-line border-b px-4 phone:h-16"
        >
          <Skeleton className="size-5 shrink-0" />
          <Skeleton className={width} />
          <Skeleton className="ml-auto w-16" />
        </div>
      ))}
    </div>
  );
}
