import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { Problem } from "@/api/problem";
import { recordKeys, updateRecord } from "@/api/records";
import type { AnyRecord, Page, RecordType } from "@/api/types";
import { showConflict } from "./conflict";

type Lists = InfiniteData<Page<AnyRecord>>;

/** Puts a record into every list and page that shows it. */
export function putRecord(client: QueryClient, type: RecordType, record: AnyRecord): void {
  client.setQueryData(recordKeys.one(type, record.id), record);
  client.setQueriesData<Lists>({ queryKey: recordKeys.lists(type) }, (lists) =>
    lists?.pages.some((page) => page.data.some((row) => row.id === record.id))
      ? {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            data: page.data.map((row) => (row.id === record.id ? record : row)),
          })),
        }
      : lists,
  );
}

/** Takes records out of every list. */
export function dropRecords(client: QueryClient, type: RecordType, ids: ReadonlySet<string>): void {
  client.setQueriesData<Lists>({ queryKey: recordKeys.lists(type) }, (lists) =>
    lists
      ? {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            data: page.data.filter((row) => !ids.has(row.id)),
          })),
        }
      : lists,
  );
}

/** What else must be read again once a record of the type has changed. */
export async function refreshAround(client: QueryClient, type: RecordType): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: recordKeys.summaries(type) }),
    client.invalidateQueries({ queryKey: ["records", type, "history"] }),
    client.invalidateQueries({ queryKey: ["search"] }),
    client.invalidateQueries({ queryKey: ["trash"] }),
  ]);
}

function currentOf(problem: Problem): AnyRecord | null {
  const { current } = problem.body;
  return typeof current === "object" && current !== null ? (current as AnyRecord) : null;
}

function changedBy(problem: Problem): string | null {
  const by = problem.body.changed_by;
  if (typeof by === "string") return by;
  if (typeof by !== "object" || by === null || !("name" in by)) return null;
  return typeof by.name === "string" ? by.name : null;
}

/**
 * Changes fields of a record: shown at once, rolled back when refused.
 * When someone else was faster, the conflict dialog asks whose values to keep.
 * Rejects with the Problem of any other refusal.
 */
export function useRecordUpdate(type: RecordType) {
  const client = useQueryClient();
  return useCallback(
    async function update(record: AnyRecord, changes: Record<string, unknown>): Promise<void> {
      putRecord(client, type, { ...record, ...changes } as AnyRecord);
      try {
        putRecord(client, type, await updateRecord(type, record.id, record.version, changes));
        await refreshAround(client, type);
      } catch (error) {
        const newer =
          error instanceof Problem && error.code === "version_conflict" ? currentOf(error) : null;
        putRecord(client, type, newer ?? record);
        if (!(error instanceof Problem) || !newer) throw error;
        showConflict({
          type,
          base: record,
          current: newer,
          changes,
          changedBy: changedBy(error),
          resolve: (chosen) => update(newer, chosen),
          giveUp: () => undefined,
        });
      }
    },
    [client, type],
  );
}
