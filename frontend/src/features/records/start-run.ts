import type { QueryClient } from "@tanstack/react-query";
import { recordKeys } from "@/api/records";
import { type BulkJob, type BulkOutcome, type BulkProgress, runBulk } from "./bulk";
import { type BulkRun, currentRun, showRun } from "./bulk-run";
import { refreshAround } from "./use-record-update";

/**
 * Runs a change over many records; it goes on when the user turns to another page.
 * Answers what became of it, or null when another run is still under way.
 */
export async function startRun(
  client: QueryClient,
  job: BulkJob,
  total: number | undefined,
): Promise<BulkOutcome | null> {
  const running = currentRun();
  if (running && !running.outcome) return null;
  const update = (changes: Partial<BulkRun>) => {
    const run = currentRun();
    if (run) showRun({ ...run, ...changes });
  };
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    update({ isStopping: true });
  };
  const progress: BulkProgress = { stage: "reading", done: 0 };
  showRun({ job, total, progress, stop, isStopping: false, outcome: null });
  try {
    const outcome = await runBulk(job, {
      onProgress: (next) => update({ progress: next }),
      isStopped: () => isStopped,
    });
    await reload(client, job);
    const isWhole = outcome.refused.length === 0 && outcome.skipped === 0;
    if (isWhole) showRun(null);
    else update({ outcome });
    return outcome;
  } catch (error) {
    showRun(null);
    throw error;
  }
}

async function reload(client: QueryClient, { type, change }: BulkJob): Promise<void> {
  // What moves in or out of a pool takes its contacts and opportunities along, and counts against the limits.
  const touched =
    change.kind === "move" ? [["records"], ["configuration"]] : [recordKeys.all(type)];
  await Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey })));
  await refreshAround(client, type);
}
