import type { FilledTemplate, Place } from "@/api/activity-templates";
import { toDate } from "@/lib/format";
import type { Draft } from "../draft";
import { toTyped } from "../mentions";

/** The text of a draft begins with the subject: what is written first names an activity. */
function textOf({ name, body }: FilledTemplate): string {
  return [name, body].filter(Boolean).join("\n");
}

/** What a filled template says of a draft; what it leaves open stays as it is. */
export function draftOfTemplate(filled: FilledTemplate): Partial<Draft> {
  const { kind, direction, outcome, priority, duration_minutes: minutes, follow_up } = filled;
  return {
    kind,
    ...toTyped(textOf(filled), []),
    ...(direction !== null && { direction }),
    ...(outcome !== null && { outcome }),
    ...(priority !== null && { priority }),
    ...(minutes !== null && { minutes: String(minutes) }),
    ...(follow_up !== null && {
      followUp: toDate(follow_up.due_at),
      nextStep: { at: follow_up.due_at, name: follow_up.name ?? null },
    }),
  };
}

/** A place as a key of the texts, which have no dots in them. */
export function placeKey(place: Place): string {
  return place.replace(".", "_");
}
