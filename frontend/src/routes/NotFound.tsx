import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<Compass />}
      title={t("shell:notFound")}
      action={
        <Link to="/" className="text-accent hover:underline">
          {t("shell:toHome")}
        </Link>
      }
    >
      {t("shell:notFoundHint")}
    </EmptyState>
  );
}
