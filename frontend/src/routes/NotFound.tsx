import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="flex min-h-dvh flex-col justify-center bg-bg">
      <EmptyState
        heading="h1"
        icon={<Compass />}
        title={t("common:notFound")}
        action={
          <Link to="/" className="text-accent hover:underline">
            {t("common:toHome")}
          </Link>
        }
      >
        {t("common:notFoundHint")}
      </EmptyState>
    </main>
  );
}
