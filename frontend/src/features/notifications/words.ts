import type { TFunction } from "i18next";
import { collections } from "@/api/activities";
import type { Notification } from "@/api/notifications";

/** What was given: a customer, 23 customers. */
function whatOf(t: TFunction, { subject, count }: Notification): string {
  return count > 1
    ? t(`notifications:several.${subject}`, { count })
    : t(`notifications:one.${subject}`);
}

/** How a job of the person has ended. */
function jobEnd(t: TFunction, { job }: Notification): string {
  if (job?.kind !== "convert_leads") return t("notifications:jobEnded");
  const { status, succeeded, total } = job;
  return t(`notifications:converted.${status}`, { count: succeeded, total });
}

/** What has happened, in a sentence. */
export function headlineOf(t: TFunction, notification: Notification): string {
  const { kind, actor, count } = notification;
  const name = actor?.name ?? "";
  if (kind === "task_due") return t("notifications:taskDue");
  if (kind === "opportunity_slow") return t("notifications:slow");
  if (kind === "opportunity_stale") return t("notifications:stale");
  if (kind === "opportunity_escalated") return t("notifications:escalated", { name });
  if (kind === "mentioned") {
    return actor ? t("notifications:mentionedBy", { name }) : t("notifications:mentioned");
  }
  if (kind === "assigned") {
    const what = whatOf(t, notification);
    return actor
      ? t("notifications:assignedBy", { name, what })
      : t("notifications:assignedByRule", { what });
  }
  if (kind === "handed_over") {
    const from = notification.handover?.from;
    return from
      ? t("notifications:handedOver", { name: from.name })
      : t("notifications:handedOverUnknown");
  }
  if (kind === "customer_release_soon") return t("notifications:releaseSoon", { count });
  if (kind === "customer_released") return t("notifications:released", { count });
  if (kind === "job_finished") return jobEnd(t, notification);
  return t("notifications:news");
}

/** Whether what it is about is gone, or is no longer shown to the person. */
function isHidden({ activity, record }: Notification): boolean {
  return (activity ?? record)?.name === null;
}

type HandedOver = NonNullable<Notification["handover"]>;

/** What is handed over, the weightiest first: how it is counted, and where it is found. */
const HANDED_OVER = [
  ["customers", "customer", "/customers"],
  ["opportunities", "opportunity", "/opportunities"],
  ["leads", "lead", "/leads"],
  ["contacts", "contact", "/contacts"],
  ["tasks", "activity", "/tasks"],
  ["assignment_rules", "rule", null],
  ["reports", "report", null],
] as const;

/** How much has come to be the person's. */
function handedOver(t: TFunction, { counts, is_undone }: HandedOver): string {
  const what = HANDED_OVER.filter(([kind]) => counts[kind] > 0)
    .map(([kind, one]) => t(`notifications:several.${one}`, { count: counts[kind] }))
    .join(t("records:listSeparator"));
  return is_undone ? t("notifications:handedOverUndone", { what }) : what;
}

/** Where what was handed over is found; what was taken back is not there any more. */
function placeOfHandover({ counts, is_undone }: HandedOver): Place | null {
  const to = is_undone ? null : HANDED_OVER.find(([kind]) => counts[kind] > 0)?.[2];
  if (!to) return null;
  return to === "/tasks" ? { to } : { to, search: { view: "mine" } };
}

/** What it is about, by name; of many alike none. */
export function subjectOf(t: TFunction, notification: Notification): string {
  const { activity, record, job, handover, count } = notification;
  if (handover) return handedOver(t, handover);
  if (count > 1) return "";
  if (job) return job.failed > 0 ? t("notifications:notDone", { count: job.failed }) : "";
  if (isHidden(notification)) return t("notifications:hidden");
  return [activity?.name, record?.name].filter(Boolean).join(" · ");
}

/** A page, and what of it. */
export interface Place {
  to: string;
  search?: Record<string, string>;
}

/** Where it leads; nowhere when that may no longer be seen. */
export function placeOf(notification: Notification): Place | null {
  const { activity, record, job, handover, subject, count, kind } = notification;
  if (handover) return placeOfHandover(handover);
  if (subject === "job") return { to: job ? `/jobs/${job.id}` : "/jobs" };
  if (count > 1) {
    if (kind === "customer_released") return { to: "/customers", search: { view: "pool" } };
    if (kind === "customer_release_soon") return { to: "/customers", search: { view: "soon" } };
    return subject === "activity" || subject === "handover"
      ? { to: "/tasks" }
      : { to: `/${collections[subject]}`, search: { view: "mine" } };
  }
  if (isHidden(notification)) return null;
  if (record && record.name !== null) return { to: `/${collections[record.type]}/${record.id}` };
  return activity ? { to: "/tasks" } : null;
}
