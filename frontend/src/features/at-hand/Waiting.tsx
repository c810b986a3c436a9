import { useTranslation } from "react-i18next";
import { Skeleton } from "@/ui/Skeleton";

/** Until a list is there. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy="true" aria-label={t("records:loading")}>
      <Skeleton className="my-3 w-2/3" />
      <Skeleton className="my-3 w-1/2" />
    </div>
  );
}
