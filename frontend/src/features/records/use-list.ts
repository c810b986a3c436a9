import { keepPreviousData, useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type ListQuery, recordListQuery, summaryQuery } from "@/api/records";
import type { AnyRecord, SummaryRow } from "@/api/types";
import type { Facet } from "@/ui/FacetPanel";
import type { TableSort } from "@/ui/VirtualTable";
import { type Descriptor, type Field, fieldOf } from "./model";
import { type FieldOption, useOptionsOf } from "./use-options";

/** What the address of a list says. */
export interface ListState {
  q: string;
  view: string;
  sort: string;
  /** Chosen values by facet. */
  chosen: Record<string, string[]>;
}

const NONE = "(none)";

function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The condition of one facet; nothing chosen means no condition. */
function facetFilter({ name, kind, conditions }: Field, values: string[]): string | null {
  if (conditions) return anyOf(values.flatMap((value) => conditions[value] ?? []));
  const known = values.filter((value) => value !== NONE).map(quote);
  const isList = kind === "tags";
  const parts: string[] = [];
  if (known.length > 0) parts.push(`${name} ${isList ? "HAS ANY" : "IN"} (${known.join(", ")})`);
  if (values.includes(NONE)) parts.push(`${name} IS ${isList ? "EMPTY" : "NULL"}`);
  return anyOf(parts);
}

function anyOf(parts: string[]): string | null {
  if (parts.length === 0) return null;
  return parts.length === 1 ? (parts[0] ?? null) : `(${parts.join(" OR ")})`;
}

/** The whole condition of a list in the filter language; one facet may be left out for its own counts. */
export function listFilter(
  descriptor: Descriptor,
  state: ListState,
  without?: string,
): string | undefined {
  const view = descriptor.views.find((candidate) => candidate.id === state.view)?.filter;
  const facets = Object.entries(state.chosen)
    .filter(([field]) => field !== without)
    .map(([field, values]) => facetFilter(fieldOf(descriptor, field), values));
  const parts = [view, ...facets].filter((part) => part !== null && part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" AND ");
}

/** `-amount` as the table understands it. */
export function tableSort(sort: string): TableSort | null {
  const first = sort.split(",")[0] ?? "";
  if (first === "") return null;
  return { key: first.replace(/^-/, ""), descending: first.startsWith("-") };
}

/** What the server is asked for. */
export function listQuery(descriptor: Descriptor, state: ListState): ListQuery {
  return {
    q: state.q || undefined,
    filter: listFilter(descriptor, state),
    sort: state.sort,
    count: "capped",
  };
}

/** The rows of a list, page after page. */
export function useRecordList(descriptor: Descriptor, state: ListState) {
  const query = useInfiniteQuery({
    ...recordListQuery(descriptor.type, listQuery(descriptor, state)),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(
    () => query.data?.pages.flatMap((page) => page.data as AnyRecord[]) ?? [],
    [query.data],
  );
  const meta = query.data?.pages[0]?.meta;
  return { query, rows, total: meta?.total ?? undefined, isExact: meta?.total_is_exact !== false };
}

function merge(
  options: FieldOption[],
  rows: SummaryRow[] | undefined,
  field: string,
  none: string,
) {
  const counts = new Map(
    (rows ?? []).map((row) => [row.key[field] === null ? NONE : String(row.key[field]), row.count]),
  );
  const known = options.map((option) => ({
    ...option,
    count: rows ? (counts.get(option.value) ?? 0) : undefined,
  }));
  const listed = new Set(options.map((option) => option.value));
  const others = [...counts]
    .filter(([value]) => !listed.has(value))
    .sort(([a, aCount], [b, bCount]) =>
      a === NONE ? 1 : b === NONE ? -1 : bCount - aCount || a.localeCompare(b),
    )
    .map(([value, count]) => ({ value, label: value === NONE ? none : value, count }));
  return [...known, ...others];
}

/** Values nobody in the list has are only noise; the statuses are always shown, in their order. */
function withoutNoise(field: Field, facet: Facet): Facet {
  if (field.kind === "leadStatus") return facet;
  const options = facet.options.filter(
    (option) => option.count !== 0 || facet.selected.includes(option.value),
  );
  return { ...facet, options };
}

/** A facet in which no record has a value offers no choice. */
function isWorthShowing({ options, selected }: Facet): boolean {
  return selected.length > 0 || options.some(({ value }) => value !== NONE);
}

/** The facets of a list with their counts, each counted without its own condition. */
export function useFacets(descriptor: Descriptor, state: ListState): Facet[] {
  const { t } = useTranslation();
  const fields = descriptor.facets.map((field) => fieldOf(descriptor, field));
  const summaries = useQueries({
    queries: fields.map((field) => ({
      ...summaryQuery(descriptor.type, {
        group_by: field.name,
        q: state.q || undefined,
        filter: listFilter(descriptor, state, field.name),
      }),
      // Nothing can be counted by what is no field of the API.
      enabled: field.conditions === undefined,
      placeholderData: keepPreviousData,
    })),
  });
  const options = useOptionsOf(fields);
  const facets = fields.map((field, index) =>
    withoutNoise(field, {
      id: field.name,
      label: t(field.label),
      selected: state.chosen[field.name] ?? [],
      options: merge(options[index] ?? [], summaries[index]?.data, field.name, t("records:none")),
    }),
  );
  return facets.filter(isWorthShowing);
}

/** The sums of the amount field over the whole list, one per currency. */
export function useSums(descriptor: Descriptor, state: ListState) {
  const [summary] = useQueries({
    queries: [
      {
        ...summaryQuery(descriptor.type, {
          sum: descriptor.amountField ?? "",
          q: state.q || undefined,
          filter: listFilter(descriptor, state),
        }),
        enabled: descriptor.amountField !== undefined,
        placeholderData: keepPreviousData,
      },
    ],
  });
  return summary.data?.[0]?.sums ?? [];
}
