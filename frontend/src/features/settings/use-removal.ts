import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";

/** Removes a piece of configuration and reads again what it touched, or keeps why it was refused. */
export function useRemoval(refresh: QueryKey, onDone: () => void) {
  const client = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  async function remove(send: () => Promise<unknown>) {
    setBusy(true);
    try {
      await send();
      await Promise.all([
        client.invalidateQueries({ queryKey: refresh }),
        client.invalidateQueries({ queryKey: ["records"] }),
      ]);
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  return { problem, busy, remove };
}
