import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  className?: string;
}

/** Reads the next page of a list; absent at its end. */
export function More({ query, className }: MoreProps) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Button
      variant="ghost"
      className={className}
      busy={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {t("activities:showMore")}
    </Button>
  );
}
