import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "@/api/problem";
import { batchRecords, deleteRecord, recordKeys, restoreRecord } from "@/api/records";
import type { AnyRecord, RecordType } from "@/api/types";
import { toast } from "@/ui/Toast";
import { dropRecords, refreshAround } from "./use-record-update";

/** Shows a refusal as a toast. */
export function toastProblem(problem: Problem): void {
  const description = problem.errors[0]?.detail ?? problem.detail;
  toast(problem.title, { tone: "error", ...(description !== undefined && { description }) });
}

/** Moves records to the trash at once and offers to take that back; answers whether it worked. */
export function useDelete(type: RecordType) {
  const { t } = useTranslation();
  const client = useQueryClient();

  const reload = useCallback(async () => {
    await client.invalidateQueries({ queryKey: recordKeys.all(type) });
    await refreshAround(client, type);
  }, [client, type]);

  const restore = useCallback(
    async (ids: string[]) => {
      try {
        for (const id of ids) await restoreRecord(type, id);
      } catch (error) {
        toastProblem(asProblem(error));
      }
      await reload();
    },
    [type, reload],
  );

  return useCallback(
    async (records: AnyRecord[]): Promise<boolean> => {
      const deleted = await remove(type, records);
      if (deleted.length > 0) {
        dropRecords(client, type, new Set(deleted));
        toast(t("records:movedToTrash", { count: deleted.length }), {
          action: { label: t("records:undo"), run: () => void restore(deleted) },
        });
        await reload();
      }
      return deleted.length === records.length;
    },
    [client, type, t, restore, reload],
  );
}

/** Deletes one by its own request, several by a batch; answers with the ids that are gone. */
async function remove(type: RecordType, records: AnyRecord[]): Promise<string[]> {
  const [only] = records;
  try {
    if (records.length === 1 && only) {
      await deleteRecord(type, only.id, only.version);
      return [only.id];
    }
    const results = await batchRecords(
      type,
      records.map(({ id, version }) => ({ action: "delete", id, version })),
    );
    const refused = results.find((result) => result.status >= 400);
    if (refused)
      toast(refused.problem?.title ?? "", {
        tone: "error",
        description: refused.problem?.detail ?? "",
      });
    return results.flatMap((result) =>
      result.status < 400 ? (records[result.index]?.id ?? []) : [],
    );
  } catch (error) {
    toastProblem(asProblem(error));
    return [];
  }
}
