import type { ConversionPlan, PlannedMode } from "@/api/jobs";
import { isGranted } from "@/api/me";
import type { Permission } from "@/api/types";

export const PARTS = ["customer", "contact", "opportunity"] as const;

/** What may become of each; in the order in which it is offered. */
export const MODES: PlannedMode[] = ["link_best", "create", "none"];

/** What is proposed: link what is surely the same, and make a deal of each lead. */
export function usualPlan(permissions: Permission[]): ConversionPlan {
  return {
    customer: "link_best",
    contact: "link_best",
    opportunity: isGranted(permissions, "opportunity", "create") ? "create" : "none",
    fill: "blank_only",
    on_duplicate: "fail",
    open_tasks: "move",
  };
}

/** What keeps the plan from being carried out, as the key of a text. */
export function obstacleOf(plan: ConversionPlan): string | null {
  if (PARTS.every((part) => plan[part] === "none")) return "conversion:nothingToDo";
  const isHomeless = plan.opportunity !== "none" && plan.customer === "none";
  return isHomeless ? "conversion:needsCustomer" : null;
}

/** Whether it lacks the reason why there should be duplicates. */
export function lacksReason({ on_duplicate, duplicate_reason }: ConversionPlan): boolean {
  return on_duplicate === "force" && (duplicate_reason ?? "").trim() === "";
}
