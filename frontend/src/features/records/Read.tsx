import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";

interface ReadProps<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
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
    <div role="status" aria-busy="true" aria-label={t("records:loading")}>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <Skeleton key={line} className="my-3" />
      ))}
    </div>
  );
}
