import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ListChecks, ListFilter, Plus } from "lucide-react";
import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { recordKeys } from "@/api/records";
import type { AnyRecord } from "@/api/types";
import { useFormat } from "@/lib/format";
import { withTexts } from "@/lib/i18n";
import { lazyNamed, whenIdle } from "@/lib/lazy";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { IconButton } from "@/ui/IconButton";
import { Kbd } from "@/ui/Kbd";
import type { MenuEntry } from "@/ui/Menu";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { useTableLayout } from "@/ui/table-layout";
import type { Chosen } from "./bulk";
import { CardList } from "./CardList";
import type { RenderBeside } from "./Facts";
import { FilterChips } from "./FilterChips";
import { Facets } from "./Filters";
import { ListEmpty } from "./ListEmpty";
import { ListFooter } from "./ListFooter";
import { ListToolbar } from "./ListToolbar";
import { columnsIn, type Descriptor } from "./model";
import { rememberList } from "./neighbours";
import { openQuickCreate } from "./quick-create";
import { RecordTable, type RowAction } from "./RecordTable";
import { type ListState, listQuery, useRecordList } from "./use-list";
import { useSelection } from "./use-selection";

// The first sight of a list needs none of these.
const BulkBar = lazyNamed(() =>
  withTexts("bulk", () => import("./BulkBar")).then((module) => module.BulkBar),
);
const FilterDrawer = lazyNamed(() =>
  import("./FilterDrawer").then((module) => module.FilterDrawer),
);
const loadPeek = () => import("./Peek");
const Peek = lazyNamed(() => loadPeek().then((module) => module.Peek));

/** What the address of a list says, with the record that lies open beside it. */
export interface ListAddress extends ListState {
  peek: string | null;
}

export interface ListPageProps {
  descriptor: Descriptor;
  address: ListAddress;
  /** Writes changes into the address. */
  onAddress: (changes: Partial<ListAddress>) => void;
  /** Further buttons in the header, such as the switch to the board. */
  actions?: ReactNode;
  /** Buttons and lines of the record that lies open. */
  renderActions?: (record: AnyRecord) => ReactNode;
  renderMark?: (record: AnyRecord) => ReactNode;
  renderTimeline?: (record: AnyRecord) => ReactNode;
  renderBeside?: RenderBeside;
  menuOf?: (record: AnyRecord) => MenuEntry[];
  /** What can be done with one row where it stands. */
  rowActions?: RowAction[];
  /** What can be done with the chosen rows beside what all lists offer. */
  renderBulk?: (chosen: Chosen) => ReactNode;
  /** A line of its own above the rows. */
  notice?: ReactNode;
  renderBadges?: (record: AnyRecord) => ReactNode;
  /** Stands between the header of the record that lies open and its parts. */
  renderBanner?: (record: AnyRecord) => ReactNode;
}

const NO_ACTIONS: RowAction[] = [];

/** The list of one type of record: views, facets, rows, peek and bulk actions. */
export function ListPage(props: ListPageProps) {
  const { descriptor, address, onAddress } = props;
  const { t } = useTranslation();
  const isPhone = usePhone();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { query, rows, total, isExact } = useRecordList(descriptor, address);
  const choice = useSelection(rows, JSON.stringify(listQuery(descriptor, address)));
  const { selection, setSelection } = choice;
  const [activeId, setActiveId] = useState<string | null>(address.peek);
  const [isFiltering, setFiltering] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const facets = useRef<HTMLElement>(null);
  const arranged = columnsIn(descriptor, address.view);
  const [layout, setLayout] = useTableLayout(arranged.name, arranged.hidden);

  useEffect(() => (isPhone ? undefined : whenIdle(loadPeek)), [isPhone]);
  useEffect(() => {
    rememberList(
      descriptor.type,
      rows.map((row) => row.id),
    );
  }, [descriptor.type, rows]);

  const { fetchNextPage } = query;
  const loadMore = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);

  function openPage(record: AnyRecord) {
    client.setQueryData(recordKeys.one(descriptor.type, record.id), record);
    void navigate({ to: `/${descriptor.type}/${record.id}` });
  }
  function open(record: AnyRecord) {
    if (isPhone || record.id === address.peek) return openPage(record);
    client.setQueryData(recordKeys.one(descriptor.type, record.id), record);
    onAddress({ peek: record.id });
  }

  const { rowActions = NO_ACTIONS } = props;
  function actOnRow(action: RowAction) {
    const row = rows.find(({ id }) => id === activeId);
    if (row && action.appliesTo(row)) action.run(row);
  }

  function back() {
    if (address.peek !== null) onAddress({ peek: null });
    else choice.clear();
  }
  function toggle({ id }: AnyRecord) {
    const next = new Set(selection);
    if (!next.delete(id)) next.add(id);
    setSelection(next);
    choice.start();
  }
  const isSelecting = isPhone && choice.isSelecting;

  useShortcuts({
    c: () => openQuickCreate(descriptor.type),
    "/": () => searchBox.current?.focus(),
    f: () => (isPhone ? setFiltering(true) : focusFirst(facets.current)),
    Escape: back,
    ...Object.fromEntries(rowActions.map((action) => [action.key, () => actOnRow(action)])),
  });

  const selected = rows.filter((row) => selection.has(row.id));
  // A phone has no box for all rows: there one button does for those that are loaded, and for all there are.
  function everything() {
    const isWhole = selected.length === rows.length;
    if (choice.isEverything || (isPhone ? isWhole && !query.hasNextPage : !isWhole)) return;
    if (query.hasNextPage) return choice.selectEverything;
    return isPhone ? () => setSelection(new Set(rows.map((row) => row.id))) : undefined;
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t(`records:plural.${descriptor.type}`)}
        meta={<Count total={total} isExact={isExact} />}
        actions={
          <>
            {props.actions}
            <Button
              variant="primary"
              icon={<Plus className="size-4" />}
              onClick={() => openQuickCreate(descriptor.type)}
            >
              {t("records:new")}
              <Kbd keys="c" className="*:border-current/40 *:bg-transparent *:text-current" />
            </Button>
          </>
        }
      />
      <ListToolbar
        descriptor={descriptor}
        address={address}
        onAddress={onAddress}
        layout={layout}
        onLayout={setLayout}
        phoneButtons={
          <>
            <IconButton
              label={t("records:bulk.start")}
              aria-pressed={isSelecting}
              className="md:hidden aria-pressed:bg-accent-soft aria-pressed:text-accent-strong"
              onClick={isSelecting ? choice.clear : choice.start}
            >
              <ListChecks />
            </IconButton>
            <IconButton
              label={t("common:filter")}
              className="md:hidden"
              onClick={() => setFiltering(true)}
            >
              <ListFilter />
            </IconButton>
          </>
        }
      />
      <div className="flex min-h-0 flex-1">
        <Facets
          descriptor={descriptor}
          address={address}
          onAddress={onAddress}
          searchBox={searchBox}
          panel={facets}
        />
        <section className="relative flex min-w-0 flex-1 flex-col bg-panel">
          <FilterChips descriptor={descriptor} address={address} onAddress={onAddress} />
          {props.notice}
          <ListBody
            {...props}
            rowActions={rowActions}
            rows={rows}
            total={total}
            query={query}
            isPhone={isPhone}
            isSelecting={isSelecting}
            onToggle={toggle}
            table={{ layout, setLayout, selection, setSelection, activeId, setActiveId }}
            onOpen={open}
            onLoadMore={loadMore}
          />
          {(selected.length > 0 || isSelecting) && (
            <Suspense fallback={null}>
              <BulkBar
                descriptor={descriptor}
                records={selected}
                query={listQuery(descriptor, address)}
                total={total}
                isExact={isExact}
                isEverything={choice.isEverything}
                onEverything={everything()}
                onDone={choice.clear}
                renderMore={props.renderBulk}
              />
            </Suspense>
          )}
          <ListFooter descriptor={descriptor} state={address} total={total} isExact={isExact} />
        </section>
        {address.peek !== null && !isPhone && (
          <Suspense fallback={null}>
            <Peek
              descriptor={descriptor}
              id={address.peek}
              onClose={() => onAddress({ peek: null })}
              onMove={(id) => {
                setActiveId(id);
                onAddress({ peek: id });
              }}
              renderActions={props.renderActions}
              renderMark={props.renderMark}
              renderTimeline={props.renderTimeline}
              renderBadges={props.renderBadges}
              renderBanner={props.renderBanner}
              renderBeside={props.renderBeside}
              menuOf={props.menuOf}
            />
          </Suspense>
        )}
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

function focusFirst(panel: HTMLElement | null) {
  panel?.querySelector<HTMLElement>("[role='checkbox']")?.focus();
}

function Count({ total, isExact }: { total: number | undefined; isExact: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (total === undefined) return null;
  return <>{t("records:count", { count: total, text: `${number(total)}${isExact ? "" : "+"}` })}</>;
}

interface TableState {
  layout: ReturnType<typeof useTableLayout>[0];
  setLayout: ReturnType<typeof useTableLayout>[1];
  selection: Set<string>;
  setSelection: (selection: Set<string>) => void;
  activeId: string | null;
  setActiveId: (id: string) => void;
}

interface ListBodyProps extends ListPageProps {
  rowActions: RowAction[];
  rows: AnyRecord[];
  total: number | undefined;
  query: ReturnType<typeof useRecordList>["query"];
  isPhone: boolean;
  isSelecting: boolean;
  onToggle: (record: AnyRecord) => void;
  table: TableState;
  onOpen: (record: AnyRecord) => void;
  onLoadMore: () => void;
}

function ListBody(props: ListBodyProps) {
  const { t } = useTranslation();
  const { query, rows, descriptor, address } = props;
  if (query.isPending) return <SkeletonRows label={t("records:loading")} />;
  if (query.isError && rows.length === 0) {
    return <ErrorState problem={asProblem(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (rows.length === 0) {
    return <ListEmpty descriptor={descriptor} address={address} onAddress={props.onAddress} />;
  }
  if (props.isPhone) {
    return (
      <CardList
        descriptor={descriptor}
        rows={rows}
        hasMore={query.hasNextPage}
        onReachEnd={props.onLoadMore}
        onOpen={props.onOpen}
        selection={props.isSelecting ? props.table.selection : null}
        onToggle={props.onToggle}
        actions={props.rowActions}
      />
    );
  }
  return (
    <RecordTable
      descriptor={descriptor}
      rows={rows}
      total={props.total}
      address={address}
      onSort={(sort) => props.onAddress({ sort })}
      state={props.table}
      hasMore={query.hasNextPage}
      onReachEnd={props.onLoadMore}
      onOpen={props.onOpen}
      actions={props.rowActions}
    />
  );
}
