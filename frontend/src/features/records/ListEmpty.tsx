import { Inbox, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import type { ListAddress } from "./ListPage";
import { type Descriptor, toView, viewOf } from "./model";
import { openQuickCreate } from "./quick-create";

interface ListEmptyProps {
  descriptor: Descriptor;
  address: ListAddress;
  onAddress: (changes: Partial<ListAddress>) => void;
}

/** Nothing to show: because nothing matches, or because nothing is there yet. */
export function ListEmpty({ descriptor, address, onAddress }: ListEmptyProps) {
  const { t } = useTranslation();
  const isNarrowed =
    address.q !== "" || Object.values(address.chosen).some((values) => values.length > 0);
  const { empty } = viewOf(descriptor, address.view) ?? {};
  if (empty !== undefined && !isNarrowed) return <EmptyState icon={<Inbox />} title={t(empty)} />;
  const first = descriptor.views[0]?.id ?? "";
  if (isNarrowed || address.view !== first) {
    const reset = { q: "", chosen: {}, ...toView(descriptor, address, first) };
    return (
      <EmptyState
        icon={<SearchX />}
        title={t("records:nothingMatches")}
        action={<Button onClick={() => onAddress(reset)}>{t("records:clearFilters")}</Button>}
      >
        {t("records:nothingMatchesHint")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Inbox />}
      title={t(`records:empty.${descriptor.type}`)}
      action={
        <Button variant="primary" onClick={() => openQuickCreate(descriptor.type)}>
          {t(`records:newOf.${descriptor.type}`)}
        </Button>
      }
    >
      {t(`records:emptyHint.${descriptor.type}`)}
    </EmptyState>
  );
}
