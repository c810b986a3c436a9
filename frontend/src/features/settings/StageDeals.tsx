import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Stage } from "@/api/types";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

interface StageDealsProps {
  stages: Stage[];
  /** How many opportunities stand in them; nothing while that is not known. */
  count: number | undefined;
  className?: string;
}

/** How many opportunities stand in some stages, with a way to them. */
export function StageDeals({ stages, count, className }: StageDealsProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (!count) return null;
  return (
    <span className={cn("tnum block text-fg2", className)}>
      <Link
        to={"/opportunities" as string}
        search={{ stage_id: stages.map(({ id }) => id) } as never}
        className="underline decoration-line-strong underline-offset-2 hover:text-accent-strong"
      >
        {t("settings:pipelines.deals", { count, text: number(count) })}
      </Link>
    </span>
  );
}
