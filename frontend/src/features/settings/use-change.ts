import { useMutation, useQueryClient } from "@tanstack/react-query";
import { configurationKey } from "@/api/configure";
import { asProblem } from "@/api/problem";
import { toast } from "@/ui/Toast";

/** Runs a change of configuration and reads it again, whatever came of it. */
export function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onError: (error) => {
      const problem = asProblem(error);
      toast(problem.title, {
        tone: "error",
        ...(problem.detail && { description: problem.detail }),
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: configurationKey }),
  });
}

/** A key made of a name: its Latin words, else a short number that never clashes. */
export function keyOf(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 50);
  return words === "" ? `k${Date.now().toString(36)}` : words;
}
