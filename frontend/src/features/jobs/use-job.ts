import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { cancelJob, isOpen, type Job, jobItemsKey, jobQuery, jobsKey } from "@/api/jobs";
import { asProblem } from "@/api/problem";
import { recordKeys } from "@/api/records";
import { toastProblem } from "@/features/records/use-delete";

/** One job as it goes on: whenever it has, its results are read again. */
export function useJob(id: string) {
  const client = useQueryClient();
  const query = useQuery(jobQuery(id));
  const job = query.data;
  const stand = job && `${job.status} ${job.progress.done}`;
  const last = useRef<string | undefined>(undefined);
  const hasEnded = job !== undefined && !isOpen(job);
  useEffect(() => {
    const isNews = last.current !== undefined && last.current !== stand;
    last.current = stand;
    if (!isNews) return;
    void client.invalidateQueries({ queryKey: jobItemsKey(id) });
    // The lists of what it has changed are read again when they are shown.
    if (hasEnded) void client.invalidateQueries({ queryKey: recordKeys.every });
  }, [client, id, stand, hasEnded]);
  return { query, job };
}

/** Ends a job before its next item. */
export function useCancel(job: Job, onSettled: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => cancelJob(job.id),
    onSuccess: (cancelled) => {
      client.setQueryData(jobQuery(job.id).queryKey, cancelled);
      return client.invalidateQueries({ queryKey: jobsKey });
    },
    onError: (error) => toastProblem(asProblem(error)),
    onSettled,
  });
}
