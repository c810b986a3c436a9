import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { toast } from "@/ui/Toast";
import { type BulkJob, undoJob, verbOf } from "./bulk";
import { startRun } from "./start-run";
import { toastProblem } from "./use-delete";

const DONE: Record<ReturnType<typeof verbOf>, string> = {
  update: "records:bulk.changed",
  delete: "records:movedToTrash",
  restore: "records:bulk.restored",
  claim: "records:bulk.claimed",
  allot: "records:bulk.allotted",
  release: "records:bulk.released",
};

/** Starts runs over many records, tells when all went well, and offers to take that back. */
export function useBulk() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useCallback(
    async function run(job: BulkJob, total?: number, isUndo = false): Promise<void> {
      try {
        const outcome = await startRun(client, job, total);
        if (!outcome || outcome.refused.length > 0 || outcome.skipped > 0) return;
        const { changed } = outcome;
        const count = changed.length;
        if (isUndo) return toast(t("records:bulk.undone", { count }));
        const back = undoJob(job, changed);
        const undo = back && { label: t("records:undo"), run: () => void run(back, count, true) };
        toast(t(DONE[verbOf(job.change)], { count }), { ...(undo && { action: undo }) });
      } catch (error) {
        toastProblem(asProblem(error));
      }
    },
    [client, t],
  );
}
