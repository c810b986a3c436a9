import type { ActivityTemplate, Place, TemplateInput } from "@/api/activity-templates";
import type { ActivityKind, Direction, Outcome, Priority } from "@/api/types";
import { traits } from "@/features/records/activity-kinds";

/** A template as it is written; numbers as they are typed. */
export interface TemplateDraft {
  name: string;
  is_shared: boolean;
  kind: ActivityKind;
  subject: string;
  body: string;
  direction: Direction | null;
  outcome: Outcome | null;
  priority: Priority | null;
  duration_minutes: string;
  follow_up_days: string;
  follow_up_name: string;
}

const typed = (value: number | null) => (value === null ? "" : String(value));
const written = (text: string) => text.trim() || null;

function number(text: string): number | null {
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) ? null : value;
}

/** A template as it is edited; a new one is for everybody where the user may make such. */
export function draftOf(template: ActivityTemplate | null, isShared: boolean): TemplateDraft {
  return {
    name: template?.name ?? "",
    is_shared: template?.is_shared ?? isShared,
    kind: template?.kind ?? "call",
    subject: template?.subject ?? "",
    body: template?.body ?? "",
    direction: template?.direction ?? null,
    outcome: template?.outcome ?? null,
    priority: template?.priority ?? null,
    duration_minutes: typed(template?.duration_minutes ?? null),
    follow_up_days: typed(template?.follow_up_days ?? null),
    follow_up_name: template?.follow_up_name ?? "",
  };
}

/** What is sent of it: of each kind what is asked of it. */
export function inputOf(draft: TemplateDraft): TemplateInput {
  const has = traits[draft.kind];
  const isTask = draft.kind === "task";
  const days = isTask ? null : number(draft.follow_up_days);
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    subject: written(draft.subject),
    body: written(draft.body),
    direction: has.hasDirection ? draft.direction : null,
    outcome: has.hasOutcome ? draft.outcome : null,
    priority: isTask ? draft.priority : null,
    duration_minutes: has.hasDuration ? number(draft.duration_minutes) : null,
    follow_up_days: days,
    follow_up_name: days === null ? null : written(draft.follow_up_name),
  };
}

/** A place in the text of a template. */
export function placed(place: Place): string {
  return `{{${place}}}`;
}

/** The fields of a template that have places in them. */
export type Placeable = "subject" | "body" | "follow_up_name";

/** The change of one of them. */
export function worded(name: Placeable, text: string): Partial<Record<Placeable, string>> {
  return { [name]: text };
}
