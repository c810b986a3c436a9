import { Inbox, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import type { ListAddress } from "./ListPage";
import type { Descriptor } from "./model";
import { openQuickCreate } from "./quick-create";

interface ListEmptyProps {
  descriptor: Descriptor;
  address: ListAddress;
  onAddress: (changes: Partial<ListAddress>) => void;
}

/** Nothing to show: because nothing matches, or because nothing is there yet. */
export function ListEmpty({ descriptor, address, onAddress }: ListEmptyProps) {
  const { t } = useTranslation();
  const isFiltered =
    address.q !== "" ||
    address.view !== descriptor.views[0]?.id ||
    Object.values(address.chosen).some((values) => values.length > 0);
  if (isFiltered) {
    const reset = { q: "", chosen: {}, view: descriptor.views[0]?.id ?? "" };
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
