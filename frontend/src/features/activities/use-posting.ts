import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { createActivity, refreshActivities } from "@/api/activities";
import { asProblem, type Problem } from "@/api/problem";
import type { About } from "@/api/types";
import { creationOf, type Draft } from "./draft";

/** Sends drafts. Repeated after a failure, the same draft has no second effect. */
export function usePosting(onRefused?: (problem: Problem) => void) {
  const client = useQueryClient();
  const sent = useRef({ of: "", key: "" });
  const mutation = useMutation({
    mutationFn: ({ draft, about }: { draft: Draft; about: About[] }) => {
      const input = creationOf(draft, about);
      const of = JSON.stringify(input);
      if (sent.current.of !== of) sent.current = { of, key: crypto.randomUUID() };
      return createActivity(input, sent.current.key);
    },
    onSuccess: (activity) => {
      sent.current = { of: "", key: "" };
      void refreshActivities(client, activity.about);
    },
    onError: (error) => onRefused?.(asProblem(error)),
  });
  return {
    /** Answers with the activity, or null when it was refused. */
    post: (draft: Draft, about: About[]) =>
      mutation.mutateAsync({ draft, about }).catch(() => null),
    isPosting: mutation.isPending,
    problem: mutation.error ? asProblem(mutation.error) : null,
  };
}

/** Why something was refused, in the words of the server. */
export function reasonsOf(problem: Problem): string {
  const reasons = problem.errors.flatMap(({ detail }) => detail ?? []);
  return reasons.length > 0 ? reasons.join(" ") : (problem.detail ?? problem.title);
}
