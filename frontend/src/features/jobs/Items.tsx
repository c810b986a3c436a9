import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ITEM_STATES, type ItemState, type Job, jobItemsQuery } from "@/api/jobs";
import { useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Item } from "./Item";
import { Pages } from "./Pages";

interface ItemsProps {
  job: Job;
  renderConvert: (lead: string, onClose: () => void) => ReactNode;
}

function countOf({ counts, progress }: Job, state: ItemState): number {
  return state === "pending" ? progress.total - progress.done : counts[state];
}

/** What became of each item: all of them, or those of one kind. */
export function Items({ job, renderConvert }: ItemsProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [state, setState] = useState<ItemState | null>(null);
  const [byHand, setByHand] = useState<string | null>(null);
  const filters = [
    { value: null, label: t("jobs:state.all"), count: job.progress.total },
    ...ITEM_STATES.map((value) => ({
      value,
      label: t(`jobs:state.${value}`),
      count: countOf(job, value),
    })),
  ].filter(({ value, count }) => count > 0 || value === state);
  return (
    <section aria-label={t("jobs:items")}>
      <nav
        aria-label={t("jobs:filter")}
        className="scrollbar-none sticky top-0 z-10 flex gap-1 overflow-x-auto border-line border-y bg-panel px-2 py-1.5"
      >
        {filters.map(({ value, label, count }) => (
          <Button
            key={value ?? "all"}
            variant="ghost"
            size="sm"
            aria-pressed={value === state}
            className="aria-pressed:bg-hover aria-pressed:text-fg"
            onClick={() => setState(value)}
          >
            {label}
            <span className="tnum text-fg3">{number(count)}</span>
          </Button>
        ))}
      </nav>
      <ItemList job={job} state={state} onByHand={setByHand} />
      {byHand !== null && renderConvert(byHand, () => setByHand(null))}
    </section>
  );
}

interface ItemListProps {
  job: Job;
  state: ItemState | null;
  onByHand: (lead: string) => void;
}

function ItemList({ job, state, onByHand }: ItemListProps) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(jobItemsQuery(job.id, state));
  return (
    <Pages
      query={query}
      loading={t("jobs:loadingItems")}
      empty={<p className="px-4 py-6 text-fg2">{t("jobs:noneOf")}</p>}
      more={t("jobs:showMore")}
    >
      {(items) => (
        <ul>
          {items.map((item) => (
            <Item key={item.position} item={item} onByHand={onByHand} />
          ))}
        </ul>
      )}
    </Pages>
  );
}
