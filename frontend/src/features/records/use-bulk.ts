import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { toast } from "@/ui/Toast";
import { type BulkChange, type BulkJob, undoJob } from "./bulk";
import { startRun } from "./bulk-run";
import { toastProblem } from "./use-delete";

const DONE: Record<BulkChange["kind"], string> = {
  update: "records:bulk.changed",
  delete: "records:movedToTrash",
  restore: "records:bulk.restored",
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
        const undo = () => void run(undoJob(job, changed), count, true);
        toast(t(DONE[job.change.kind], { count }), {
          action: { label: t("records:undo"), run: undo },
        });
      } catch (error) {
        toastProblem(asProblem(error));
      }
    },
    [client, t],
  );
}
