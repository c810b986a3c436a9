import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";

interface PanelProps {
  title: string;
  /** A quiet number beside the title. */
  meta?: ReactNode;
  /** Where the whole of it is. */
  link?: { to: string; search?: object; label: string };
  children: ReactNode;
}

/** One thing worth seeing on the home page. */
export function Panel({ title, meta, link, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-xl border border-line bg-panel p-4">
      <header className="mb-3 flex h-6 items-center gap-2">
        <h2 id={id} className="truncate font-medium">
          {title}
        </h2>
        {meta && <span className="tnum text-fg3">{meta}</span>}
        {link && (
          <Link
            to={link.to}
            search={(link.search ?? {}) as never}
            className="-mr-1 ml-auto flex h-6 items-center gap-0.5 rounded px-1 text-fg2 text-xs hover:text-fg phone:h-11"
          >
            {link.label}
            <ArrowUpRight className="size-3.5" aria-hidden="true" />
          </Link>
        )}
      </header>
      {children}
    </section>
  );
}

interface ReadProps<T> {
  query: UseQueryResult<T>;
  /** How tall it will be, so that nothing jumps. */
  lines: number;
  children: (data: T) => ReactNode;
}

/** Draws what was read; a panel that fails says so and leaves the others alone. */
export function Read<T>({ query, lines, children }: ReadProps<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <p role="alert" className="flex items-center gap-2 text-fg2">
        <span className="min-w-0 flex-1">{asProblem(query.error).title}</span>
        <Button size="sm" onClick={() => void query.refetch()}>
          {t("common:retry")}
        </Button>
      </p>
    );
  }
  return (
    <div role="status" aria-busy="true" aria-label={t("home:loading")}>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <Skeleton key={line} className="my-3" />
      ))}
    </div>
  );
}
