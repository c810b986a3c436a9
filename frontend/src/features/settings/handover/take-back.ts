import type { QueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type Handover, undoHandover } from "@/api/handover";
import { asProblem, type Problem } from "@/api/problem";
import { toast } from "@/ui/Toast";
import { countsWords, leftWords } from "./counts";

/** Why it cannot be undone, in words. */
export function undoRefusal(t: TFunction, problem: Problem): string {
  const { reasons } = problem.body;
  const [first] = Array.isArray(reasons) ? (reasons as { reason?: string }[]) : [];
  if (problem.code === "undo_refused" && first?.reason !== undefined) {
    return t(`handover:undo.refused.${first.reason}`);
  }
  return problem.detail ?? problem.title;
}

/** Undoes a handover. Everything is read again: it touches all there is. */
export async function takeBack(client: QueryClient, { id }: Handover): Promise<Handover> {
  try {
    return await undoHandover(id);
  } finally {
    void client.invalidateQueries();
  }
}

function sayUndone(t: TFunction, undone: Handover): void {
  const returned = undone.returned ? countsWords(t, undone.returned) : "";
  const back = returned === "" ? [] : [t("handover:undo.returned", { what: returned })];
  const lines = [...back, ...leftWords(t, undone)];
  toast(t("handover:undo.done", { name: undone.user?.name ?? "" }), {
    ...(lines.length > 0 && { description: lines.join(" ") }),
  });
}

/** Undoes one from the toast right after, and says what came back and what stayed, or why it was refused. */
export function takeBackFromToast(client: QueryClient, t: TFunction, handover: Handover): void {
  takeBack(client, handover).then(
    (undone) => sayUndone(t, undone),
    (error: unknown) =>
      toast(t("handover:undo.failed"), {
        tone: "error",
        description: undoRefusal(t, asProblem(error)),
      }),
  );
}
