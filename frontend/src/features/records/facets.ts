import type { RecordType } from "@/api/types";

/** The fields each list can be filtered by; apart from the descriptors, because every address is read by them. */
export const facetFields: Record<RecordType, readonly string[]> = {
  leads: ["status", "response", "owner_id", "rating", "source", "industry", "tags"],
  customers: ["lifecycle", "owner_id", "level", "industry", "relation", "source", "tags"],
  contacts: ["owner_id", "decision_role", "source", "tags"],
  opportunities: [
    "stage_id",
    "stale",
    "owner_id",
    "forecast_category",
    "lost_reason",
    "source",
    "tags",
  ],
};
