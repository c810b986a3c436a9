import type { Notification } from "@/api/notifications";

/** Of what need not be told in this tab any more, by id. */
const told = new Set<string>();

/** Until when one is put off: when it is back, it is news again; brought back by hand it is not. */
export function putsOff(id: string, until: string | null): void {
  if (until === null) told.add(id);
  else told.delete(id);
}

/** Whether one is news; asked again it is not. */
export function isNews({ id }: Notification): boolean {
  if (told.has(id)) return false;
  told.add(id);
  return true;
}
