import type { QueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type Assignment, assignByRule } from "@/api/assignment";
import { asProblem } from "@/api/problem";
import { recordKeys } from "@/api/records";
import type { Lead } from "@/api/types";
import { toastProblem } from "@/features/records/use-delete";
import { refreshAround } from "@/features/records/use-record-update";
import { loadTexts } from "@/lib/i18n";
import { toast } from "@/ui/Toast";

function say({ rule, owner }: Assignment, t: TFunction): void {
  if (rule && owner) toast(t("assignment:assigned", { owner: owner.name, rule: rule.name }));
  else toast(t("assignment:noneFired"), { description: t("assignment:ownerStays") });
}

/** Lets the rules choose the owner of a lead, says whom they chose, and reads again what that touched. */
export async function assignLead(client: QueryClient, lead: Lead, t: TFunction): Promise<void> {
  await loadTexts("assignment");
  try {
    say(await assignByRule(lead), t);
  } catch (error) {
    toastProblem(asProblem(error));
  }
  // Also after a refusal: somebody else may have been faster.
  await client.invalidateQueries({ queryKey: recordKeys.all("leads") });
  await refreshAround(client, "leads");
}
