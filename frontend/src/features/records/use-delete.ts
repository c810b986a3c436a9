import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "@/api/problem";
import { dropRecords } from "@/api/record-cache";
import { deleteRecord, recordKeys, restoreRecord } from "@/api/records";
import type { AnyRecord, RecordType } from "@/api/types";
import { toast } from "@/ui/Toast";
import { refreshAround } from "./use-record-update";

/** Shows a refusal as a toast. */
export function toastProblem(problem: Problem): void {
  const description = problem.errors[0]?.detail ?? problem.detail;
  toast(problem.title, { tone: "error", ...(description !== undefined && { description }) });
}

/** Moves a record to the trash at once and offers to take that back; answers whether it worked. */
export function useDelete(type: RecordType) {
  const { t } = useTranslation();
  const client = useQueryClient();

  const reload = useCallback(async () => {
    await client.invalidateQueries({ queryKey: recordKeys.all(type) });
    await refreshAround(client, type);
  }, [client, type]);

  const restore = useCallback(
    async (id: string) => {
      try {
        await restoreRecord(type, id);
      } catch (error) {
        toastProblem(asProblem(error));
      }
      await reload();
    },
    [type, reload],
  );

  return useCallback(
    async (record: AnyRecord): Promise<boolean> => {
      try {
        await deleteRecord(type, record.id, record.version);
      } catch (error) {
        toastProblem(asProblem(error));
        return false;
      }
      dropRecords(client, type, new Set([record.id]));
      toast(t("records:movedToTrash", { count: 1 }), {
        action: { label: t("records:undo"), run: () => void restore(record.id) },
      });
      await reload();
      return true;
    },
    [client, type, t, restore, reload],
  );
}
