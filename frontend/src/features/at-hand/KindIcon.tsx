import { Building2, ContactRound, KanbanSquare, Sparkles } from "lucide-react";
import { useTranslation } from "react-i18next";
import { collections } from "@/api/activities";
import type { Singular } from "@/api/types";

const icons = {
  customer: Building2,
  contact: ContactRound,
  lead: Sparkles,
  opportunity: KanbanSquare,
};

/** What kind of record it is, as the rail draws it; readers are told. */
export function KindIcon({ type }: { type: Singular }) {
  const { t } = useTranslation();
  const Icon = icons[type];
  return (
    <>
      <Icon className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      <span className="sr-only">{t(`records:one.${collections[type]}`)}</span>
    </>
  );
}
