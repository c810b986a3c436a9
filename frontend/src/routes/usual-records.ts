import { descriptors } from "@/features/records/descriptors";
import { recents } from "@/features/shell/recents";

/** The records opened lately, as what something may be about. */
export function usualRecords() {
  return recents().map(({ type, id, name }) => ({ type: descriptors[type].singular, id, name }));
}
