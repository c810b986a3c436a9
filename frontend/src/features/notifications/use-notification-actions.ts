import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import {
  inboxKey,
  type Notification,
  readUpTo,
  refreshNotifications,
  unreadQuery,
  updateNotification,
} from "@/api/notifications";
import { mapRows, type Pages } from "@/api/paging";
import { asProblem } from "@/api/problem";
import { toastProblem } from "@/features/records/use-delete";
import { formatInstant } from "@/lib/format";
import { toast } from "@/ui/Toast";
import { putsOff } from "./told";

/** What can be done to a notification: shown at once, then written. */
export function useNotificationActions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMemo(() => {
    const show = (change: (row: Notification) => Notification[]) =>
      client.setQueriesData<Pages<Notification>>({ queryKey: inboxKey }, (pages) =>
        mapRows(pages, change),
      );
    const count = () => client.invalidateQueries({ queryKey: unreadQuery().queryKey });

    /** Writes what is shown already; what was refused is read again. */
    async function write(run: () => Promise<unknown>, refresh: () => Promise<void>) {
      // An older answer must not undo what was just shown.
      await client.cancelQueries({ queryKey: inboxKey });
      try {
        await run();
        await refresh();
        return true;
      } catch (error) {
        toastProblem(asProblem(error));
        await refreshNotifications(client);
        return false;
      }
    }

    /** Until when it is put off, or null to have it back. */
    function putOff(id: string, snoozed_until: string | null) {
      putsOff(id, snoozed_until);
      return write(
        () => updateNotification(id, { snoozed_until }),
        () => refreshNotifications(client),
      );
    }

    return {
      async setRead({ id }: Notification, is_read: boolean) {
        const read_at = is_read ? new Date().toISOString() : null;
        show((row) => [row.id === id ? { ...row, read_at } : row]);
        // The lists stay as they are, so that what was just read does not slip away.
        await write(() => updateNotification(id, { is_read }), count);
      },

      async readAll(newest: Notification) {
        const read_at = new Date().toISOString();
        show((row) => [{ ...row, read_at: row.read_at ?? read_at }]);
        await write(
          () => readUpTo(newest.id),
          () => refreshNotifications(client),
        );
      },

      async snooze({ id }: Notification, until: string) {
        show((row) => (row.id === id ? [] : [row]));
        if (!(await putOff(id, until))) return;
        toast(t("notifications:snoozed", { when: formatInstant(until) }), {
          action: { label: t("records:undo"), run: () => void putOff(id, null) },
        });
      },

      async wake({ id }: Notification) {
        show((row) => (row.id === id ? [] : [row]));
        await putOff(id, null);
      },
    };
  }, [client, t]);
}
