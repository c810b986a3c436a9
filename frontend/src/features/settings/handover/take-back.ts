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

/** Undoes a handover and says what came back and what stayed. Everything is read again: it touches all there is. */
export async function takeBack(
  client: QueryClient,
  t: TFunction,
  { id }: Handover,
): Promise<Handover> {
  try {
    const undone = await undoHandover(id);
    const returned = undone.returned ? countsWords(t, undone.returned) : "";
    const lines = [
      returned && t("handover:undo.returned", { what: returned }),
      ...leftWords(t, undone),
    ].filter(Boolean);
    toast(t("handover:undo.done", { name: undone.user?.name ?? "" }), {
      ...(lines.length > 0 && { description: lines.join(" ") }),
    });
    return undone;
  } finally {
    void client.invalidateQueries();
  }
}

/** The same from the toast right after, where nothing else can say what was refused. */
export function takeBackFromToast(client: QueryClient, t: TFunction, handover: Handover): void {
  takeBack(client, t, handover).catch((error: unknown) =>
    toast(t("handover:undo.failed"), {
      tone: "error",
      description: undoRefusal(t, asProblem(error)),
    }),
  );
}
