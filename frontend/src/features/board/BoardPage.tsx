import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Flag, ListFilter, Plus } from "lucide-react";
import { type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Board as BoardData, type BoardQuery, boardQuery } from "@/api/board";
import { pipelinesQuery } from "@/api/configuration";
import { isGranted, meQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { Pipeline } from "@/api/types";
import { opportunities } from "@/features/records/descriptors/opportunities";
import { FilterChips } from "@/features/records/FilterChips";
import { Facets } from "@/features/records/Filters";
import type { ListAddress } from "@/features/records/ListPage";
import { openQuickCreate } from "@/features/records/quick-create";
import { listFilter } from "@/features/records/use-list";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { LateSelect } from "@/ui/LateSelect";
import { PageHeader } from "@/ui/PageHeader";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Skeleton } from "@/ui/Skeleton";
import { Board } from "./Board";

const FilterDrawer = lazyNamed(() =>
  import("@/features/records/FilterDrawer").then((module) => module.FilterDrawer),
);

/** What the address of the board says, beside what it shares with the list. */
export interface BoardAddress extends ListAddress {
  pipeline: string | null;
  /** Whether the columns of the ends are shown. */
  hasEnds: boolean;
}

interface BoardPageProps {
  address: BoardAddress;
  onAddress: (changes: Partial<BoardAddress>) => void;
  /** The switch to the list. */
  actions?: ReactNode;
}

// The board's columns are the stages; filtering by them again would only empty columns.
const descriptor = {
  ...opportunities,
  facets: opportunities.facets.filter((field) => field !== "stage_id"),
};

const VIEWS = ["all", "mine"] as const;

/** The pipeline in the address, else the default one. */
function chosenPipeline(pipelines: Pipeline[], wanted: string | null): Pipeline | undefined {
  return (
    pipelines.find((pipeline) => pipeline.id === wanted) ??
    pipelines.find((pipeline) => pipeline.is_default) ??
    pipelines[0]
  );
}

/** The opportunities of a pipeline as a board. */
export function BoardPage({ address: given, onAddress, actions }: BoardPageProps) {
  const { t } = useTranslation();
  const address = forBoard(given);
  const isPhone = usePhone();
  const me = useQuery(meQuery());
  const pipelines = useQuery(pipelinesQuery());
  const [isFiltering, setFiltering] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const all = (pipelines.data ?? []).filter((pipeline) => pipeline.is_active);
  const pipeline = chosenPipeline(all, address.pipeline);
  const query: BoardQuery = {
    pipeline_id: pipeline?.id ?? "",
    q: address.q || undefined,
    filter: listFilter(descriptor, address),
  };
  const board = useQuery({
    ...boardQuery(query),
    enabled: pipeline !== undefined,
    placeholderData: keepPreviousData,
  });
  const canCreate = isGranted(me.data?.permissions ?? [], "opportunity", "create");
  const create = () =>
    openQuickCreate("opportunities", pipeline ? { pipeline_id: pipeline.id } : {});

  useShortcuts({
    c: create,
    f: () => setFiltering((old) => !old),
    "/": () => {
      setFiltering(true);
      requestAnimationFrame(() => searchBox.current?.focus());
    },
  });

  const filters = Object.values(address.chosen).filter((v) => v.length > 0).length;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t("records:plural.opportunities")}
        meta={<Count board={board.data} hasEnds={address.hasEnds} />}
        actions={
          <>
            <Button
              variant="ghost"
              aria-expanded={isFiltering}
              icon={<ListFilter className="size-4" />}
              onClick={() => setFiltering(!isFiltering)}
            >
              <span className="phone:sr-only">{t("common:filter")}</span>
              {filters > 0 && <span className="tnum text-accent">{filters}</span>}
            </Button>
            {actions}
            {canCreate && (
              <Button variant="primary" icon={<Plus className="size-4" />} onClick={create}>
                {t("records:new")}
              </Button>
            )}
          </>
        }
      />
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-panel px-3 phone:h-14">
        {all.length > 1 && pipeline && (
          <PipelinePicker
            pipelines={all}
            value={pipeline.id}
            onChange={(id) => onAddress({ pipeline: id })}
          />
        )}
        <SegmentedControl
          label={t("records:views")}
          value={address.view}
          onChange={(view) => onAddress({ view })}
          options={VIEWS.map((view) => ({ value: view, label: t(`records:view.${view}`) }))}
        />
        <Button
          variant="ghost"
          size="sm"
          className="ml-auto"
          aria-pressed={address.hasEnds}
          icon={<Flag className="size-4" />}
          onClick={() => onAddress({ hasEnds: !address.hasEnds })}
        >
          <span className="phone:sr-only">
            {address.hasEnds ? t("board:hideEnds") : t("board:showEnds")}
          </span>
        </Button>
      </div>
      <div className="flex min-h-0 flex-1">
        {isFiltering && !isPhone && (
          <Facets
            descriptor={descriptor}
            address={address}
            onAddress={onAddress}
            searchBox={searchBox}
          />
        )}
        <div className="flex min-w-0 flex-1 flex-col">
          <FilterChips descriptor={descriptor} address={address} onAddress={onAddress} />
          {pipelines.data && !pipeline ? (
            <EmptyState title={t("board:noPipeline")}>{t("board:noPipelineHint")}</EmptyState>
          ) : (
            <BoardBody
              board={board.data}
              error={board.error ?? pipelines.error}
              onRetry={() => void (pipelines.isError ? pipelines.refetch() : board.refetch())}
              query={query}
              pipelines={all}
              hasEnds={address.hasEnds}
              canCreate={canCreate}
            />
          )}
        </div>
      </div>
      {isPhone && (
        <Suspense fallback={null}>
          <FilterDrawer
            open={isFiltering}
            onOpenChange={setFiltering}
            descriptor={descriptor}
            address={address}
            onAddress={onAddress}
          />
        </Suspense>
      )}
    </div>
  );
}

/** What of a list's address makes sense on a board: stages and ends are its columns already. */
function forBoard(address: BoardAddress) {
  const { stage_id: _stage, ...chosen } = address.chosen;
  return { ...address, chosen, view: VIEWS.find((view) => view === address.view) ?? "all" };
}

function Count({ board, hasEnds }: { board: BoardData | undefined; hasEnds: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (!board) return null;
  const count = board.data
    .filter((column) => hasEnds || column.stage.category === "open")
    .reduce((sum, column) => sum + column.count, 0);
  return <>{t("records:count", { count, text: number(count) })}</>;
}

interface PipelinePickerProps {
  pipelines: Pipeline[];
  value: string;
  onChange: (id: string) => void;
}

function PipelinePicker({ pipelines, value, onChange }: PipelinePickerProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <LateSelect
      label={t("board:pipeline")}
      className="w-40"
      value={value}
      onChange={(id) => id !== null && onChange(id)}
      options={pipelines.map((pipeline) => ({
        value: pipeline.id,
        label: localName(pipeline, language),
      }))}
    />
  );
}

interface BoardBodyProps {
  board: BoardData | undefined;
  error: unknown;
  onRetry: () => void;
  query: BoardQuery;
  pipelines: Pipeline[];
  hasEnds: boolean;
  canCreate: boolean;
}

function BoardBody({ board, error, onRetry, pipelines, ...rest }: BoardBodyProps) {
  // While another pipeline is read the one before stays, so its stages must still be known.
  const shown = pipelines.find((pipeline) =>
    pipeline.stages.some((stage) => stage.id === board?.data[0]?.stage.id),
  );
  if (board) return <Board board={board} stages={shown?.stages ?? []} {...rest} />;
  if (error) {
    return <ErrorState problem={asProblem(error)} onRetry={onRetry} />;
  }
  return <BoardSkeleton />;
}

const SHAPES = [
  { id: "a", cards: ["1", "2", "3", "4"] },
  { id: "b", cards: ["1", "2"] },
  { id: "c", cards: ["1", "2", "3"] },
  { id: "d", cards: ["1"] },
];

function BoardSkeleton() {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      aria-busy="true"
      aria-label={t("board:loading")}
      className="flex gap-5 overflow-hidden px-4 py-4"
    >
      {SHAPES.map(({ id, cards }) => (
        <div key={id} className="w-64 shrink-0">
          <Skeleton className="mb-5 w-32" />
          {cards.map((card) => (
            <div key={card} className="mb-2 rounded-lg border border-line bg-panel p-3">
              <Skeleton className="w-40" />
              <Skeleton className="mt-2 w-24" />
              <Skeleton className="mt-6 w-20" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
