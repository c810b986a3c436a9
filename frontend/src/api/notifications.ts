import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { NotifiedJob } from "./jobs";
import { nextCursor } from "./paging";
import type { About, Narrow, Page, Schemas, Singular, Whole } from "./types";

/** What somebody is told about, in the order of the settings. */
export const NOTIFICATION_KINDS = [
  "mentioned",
  "assigned",
  "handed_over",
  "task_due",
  "opportunity_slow",
  "opportunity_stale",
  "opportunity_escalated",
  "customer_release_soon",
  "customer_released",
  "job_finished",
] as const;

export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** Something a person is told; it is theirs alone. */
export type Notification = Narrow<
  "Notification",
  {
    kind: NotificationKind;
    /** The type of what it is about. */
    subject: Singular | "activity" | "job" | "handover";
    /** What it is about; without a name it may no longer be seen. */
    record: About | null;
    /** What mentions the person, or was given, or is due. */
    activity: Whole<Schemas["NotifiedActivity"]> | null;
    /** The job that has ended. */
    job: NotifiedJob | null;
    /** What was handed over to the person. */
    handover: Whole<Schemas["NotifiedHandover"]> | null;
  }
>;

/** What of the notifications is shown. */
export type InboxView = "inbox" | "unread" | "snoozed";

/** How a person wants to be told. */
export type NotificationSettings = Whole<Schemas["NotificationSettings"]>;

/** What may be set of it. */
export type SettingsInput = Omit<NotificationSettings, "has_mail" | "version">;

/** From here on the number is no longer counted. */
export const MOST_COUNTED = 100;

const PAGE = 30;
const COUNT_MS = 30_000;

/** Everything cached about notifications. */
export const notificationsKey = ["notifications"] as const;

/** Every cached list of them. */
export const inboxKey = [...notificationsKey, "list"] as const;

const queries: Record<InboxView, { state: string; unread?: boolean }> = {
  inbox: { state: "inbox" },
  unread: { state: "inbox", unread: true },
  snoozed: { state: "snoozed" },
};

/** Notifications in a list that grows, newest first. */
export function notificationsQuery(view: InboxView) {
  return infiniteQueryOptions({
    queryKey: [...inboxKey, view] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Notification>>(
        "/me/notifications",
        { ...queries[view], limit: PAGE, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: nextCursor,
    staleTime: 0,
  });
}

/** The newest that are unread; not cached. */
export async function readNewest(limit: number): Promise<Notification[]> {
  const query = { ...queries.unread, limit };
  return (await api.get<Page<Notification>>("/me/notifications", query)).data;
}

/** How many are unread; asked again while the page is looked at. */
export function unreadQuery() {
  return queryOptions({
    queryKey: [...notificationsKey, "count"] as const,
    queryFn: ({ signal }) =>
      api.get<Schemas["NotificationCount"]>("/me/notifications/count", {}, signal),
    staleTime: 0,
    refetchInterval: COUNT_MS,
  });
}

/** Reads again what is shown of notifications, the rest when it is shown. */
export function refreshNotifications(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: notificationsKey });
}

/**
 * Something has come, or was read, put off or brought back, maybe here: then the lists that are shown stay as they are,
 * so that what was just read does not slip away, and only the count follows.
 */
export async function hearOfNotification(client: QueryClient, hasCome: boolean): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: inboxKey, refetchType: hasCome ? "active" : "none" }),
    client.invalidateQueries({ queryKey: unreadQuery().queryKey }),
  ]);
}

/** Marks one as read or unread, puts it off, or takes it back; null for `snoozed_until` is now. */
export function updateNotification(id: string, changes: Schemas["UpdateNotification"]) {
  return api.patch<Notification>(`/me/notifications/${id}`, changes, undefined);
}

/** Marks as read what is in the inbox and not newer than one. */
export function readUpTo(id: string) {
  return api.post<Schemas["NotificationsRead"]>("/me/notifications/read", { up_to: id });
}

/** How the signed-in user is told. */
export function notificationSettingsQuery() {
  return queryOptions({
    queryKey: ["me", "notification-settings"] as const,
    queryFn: ({ signal }) => api.get<NotificationSettings>("/me/notification-settings", {}, signal),
  });
}

/** Changes the version of the settings the user saw. */
export function putNotificationSettings(input: SettingsInput, version: number) {
  return api.put<NotificationSettings>("/me/notification-settings", input, version);
}
