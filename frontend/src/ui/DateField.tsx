import { CalendarDays, X } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { formatDate, useFormat } from "@/lib/format";
import type { FieldControl } from "./FormField";
import { controlClass } from "./Input";
import { Popover } from "./Popover";
import { Skeleton } from "./Skeleton";

// The calendar is only loaded when someone opens one.
const Calendar = lazy(() => import("./Calendar"));

interface DateFieldProps extends Partial<FieldControl> {
  /** A date without time or zone, `2026-11-21`. */
  value: string | null;
  onChange: (value: string | null) => void;
  label?: string;
  /** Shown while there is no date. */
  placeholder?: string;
  defaultOpen?: boolean;
  className?: string;
}

/** A calendar date. Never shifted by a time zone. */
export function DateField(props: DateFieldProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { value, onChange, label, placeholder, className, defaultOpen, ...control } = props;
  const [open, setOpen] = useState(defaultOpen ?? false);
  const id = useId();
  const shown = value ? formatDate(value, language) : (placeholder ?? t("common:chooseDate"));
  return (
    <div className={cn("relative flex items-center", className)}>
      <Popover
        label={label ?? t("common:chooseDate")}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            {...control}
            aria-label={control["aria-labelledby"] ? undefined : `${label ?? ""} ${shown}`.trim()}
            aria-labelledby={control["aria-labelledby"] && `${control["aria-labelledby"]} ${id}`}
            className={cn(
              controlClass,
              "flex h-8 items-center gap-2 text-left phone:h-11",
              value ? "pr-8" : "",
            )}
          >
            <CalendarDays className="size-3.5 shrink-0 text-fg3" />
            <span id={id} className={cn("truncate", !value && "text-fg3")}>
              {shown}
            </span>
          </button>
        }
      >
        <Suspense fallback={<Skeleton className="h-64 w-64" />}>
          <Calendar
            value={value}
            onChange={(next) => {
              setOpen(false);
              onChange(next);
            }}
          />
        </Suspense>
      </Popover>
      {value && (
        <button
          type="button"
          aria-label={t("common:clear")}
          className="absolute right-1 flex size-6 items-center justify-center rounded text-fg3 hover:bg-hover hover:text-fg phone:right-0 phone:size-11"
          onClick={() => onChange(null)}
        >
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}
