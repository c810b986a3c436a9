import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { Problem } from "@/api/problem";
import { putRecord } from "@/api/record-cache";
import { recordKeys, updateRecord } from "@/api/records";
import type { AnyRecord, RecordType } from "@/api/types";
import { showConflict } from "./conflict";

/** What else must be read again once a record of the type has changed. */
export async function refreshAround(client: QueryClient, type: RecordType): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: recordKeys.summaries(type) }),
    client.invalidateQueries({ queryKey: recordKeys.timelines(type) }),
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

/** The last write of each record that is still under way. */
const writes = new Map<string, Promise<AnyRecord>>();

/**
 * Writes to one record in turn: somebody who goes from cell to cell is faster than the server,
 * and must not be told that they themselves have changed the record meanwhile.
 */
async function writeInTurn(
  type: RecordType,
  record: AnyRecord,
  changes: Record<string, unknown>,
): Promise<{ written: AnyRecord; isLast: boolean }> {
  const key = `${type} ${record.id}`;
  const before = writes.get(key);
  const write = async () => {
    const own = await before?.catch(() => undefined);
    const version = Math.max(record.version, own?.version ?? 0);
    return updateRecord(type, record.id, version, changes) as Promise<AnyRecord>;
  };
  const mine = write();
  writes.set(key, mine);
  try {
    const written = await mine;
    return { written, isLast: writes.get(key) === mine };
  } finally {
    if (writes.get(key) === mine) writes.delete(key);
  }
}

/**
 * Changes fields of a record: shown at once, rolled back when refused.
 * `shown` is what stands in the record until the answer comes, where that is more than what is sent.
 * When someone else was faster, the conflict dialog asks whose values to keep.
 * Rejects with the Problem of any other refusal.
 */
export function useRecordUpdate(type: RecordType) {
  const client = useQueryClient();
  return useCallback(
    async function update(
      record: AnyRecord,
      changes: Record<string, unknown>,
      shown: Record<string, unknown> = changes,
    ): Promise<void> {
      putRecord(client, type, { ...record, ...shown } as AnyRecord);
      try {
        const { written, isLast } = await writeInTurn(type, record, changes);
        // The answer to an earlier change knows nothing of the one that follows it.
        if (isLast) putRecord(client, type, written);
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
          mine: { ...changes, ...shown },
          changedBy: changedBy(error),
          resolve: (chosen) => update(newer, chosen),
          giveUp: () => undefined,
        });
      }
    },
    [client, type],
  );
}
