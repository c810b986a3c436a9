import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** The way to a page; each part is a link. The page itself is its heading. */
export function Breadcrumb({ parts }: { parts: { id: string; link: ReactNode }[] }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("common:breadcrumb")} className="shrink-0">
      <ol className="flex items-center gap-1 text-fg3">
        {parts.map((part) => (
          <li key={part.id} className="flex items-center gap-1 [&_a:hover]:text-fg">
            {part.link}
            <ChevronRight className="size-3.5" aria-hidden="true" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
