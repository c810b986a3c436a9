import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import {
  deleteActivity,
  readActivity,
  refreshActivities,
  restoreActivity,
  updateActivity,
} from "@/api/activities";
import { asProblem } from "@/api/problem";
import type { Activity, ActivityInput } from "@/api/types";
import { toastProblem } from "@/features/records/use-delete";
import { formatDate, formatInstant, toDate, toInstant, toTime } from "@/lib/format";
import { toast } from "@/ui/Toast";
import { changeCached, stopReading } from "./cached";
import { DUE_TIME } from "./draft";
import { minutesAhead, remindAt } from "./reminder";

type Changes = Partial<Pick<ActivityInput, "status" | "due_at" | "happened_at" | "reminder_at">>;

/** Where what is due moves to; its reminder keeps the distance. */
function movedTo({ due_at: was, reminder_at: reminder }: Activity, due_at: string | null) {
  if (reminder === null || was === null || due_at === null) return { due_at };
  return { due_at, reminder_at: remindAt(due_at, minutesAhead(was, reminder)) };
}

/** What can be done to an activity where it stands: shown at once, taken back by a toast. */
export function useActivityActions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMemo(() => {
    const refresh = (activity: Activity) => refreshActivities(client, activity.about);

    /** Shows, or takes away for null, then writes; answers with what stands now, or null when it was refused. */
    async function write(activity: Activity, changes: Changes, shown: Partial<Activity> | null) {
      await stopReading(client);
      changeCached(client, activity.id, shown && { ...activity, ...shown });
      try {
        const written = await updateActivity(activity, changes);
        changeCached(client, activity.id, written);
        return written;
      } catch (error) {
        changeCached(client, activity.id, activity);
        toastProblem(asProblem(error));
        return null;
      } finally {
        void refresh(activity);
      }
    }

    const undo = (run: () => unknown) => ({
      action: { label: t("records:undo"), run: () => void run() },
    });

    const setOpen = (activity: Activity) =>
      write(activity, { status: "open" }, { status: "open", happened_at: null });
    const setDone = (activity: Activity, happened_at = new Date().toISOString()) =>
      write(activity, { status: "done", happened_at }, { status: "done", happened_at });
    const setDue = (activity: Activity, due_at: string | null) =>
      write(activity, movedTo(activity, due_at), movedTo(activity, due_at));

    /** The day of the task that came of a done one; null where none did, or it cannot be read. */
    async function nextDay({ next_id }: Activity) {
      if (!next_id) return null;
      const next = await readActivity(next_id).catch(() => null);
      return next?.due_at ? formatDate(toDate(next.due_at)) : null;
    }

    return {
      async complete(activity: Activity) {
        const done = await setDone(activity);
        if (!done) return;
        const date = await nextDay(done);
        const { name } = activity;
        const title =
          date === null
            ? t("activities:completed", { name })
            : t("activities:completedNext", { name, date });
        toast(
          title,
          undo(() => setOpen(done)),
        );
      },

      /** Takes away what is not going to happen. */
      async cancel(activity: Activity) {
        const off = await write(activity, { status: "cancelled" }, null);
        if (off) {
          const title = t("activities:cancelled", { name: activity.name });
          toast(
            title,
            undo(() => setOpen(off)),
          );
        }
      },

      async reopen(activity: Activity) {
        const open = await setOpen(activity);
        if (open) {
          const title = t("activities:reopened", { name: activity.name });
          toast(
            title,
            undo(() => setDone(open, activity.happened_at ?? undefined)),
          );
        }
      },

      /** To another day, at the time it was to be. */
      async postpone(activity: Activity, day: string) {
        const time = activity.due_at === null ? DUE_TIME : toTime(activity.due_at);
        const moved = await setDue(activity, toInstant(day, time));
        if (moved) {
          const title = t("activities:postponed", { name: activity.name, date: formatDate(day) });
          toast(
            title,
            undo(() => setDue(moved, activity.due_at)),
          );
        }
      },

      /** To another day and time. */
      async reschedule(activity: Activity, due_at: string) {
        const moved = await setDue(activity, due_at);
        if (moved) {
          const date = formatInstant(due_at);
          const title = t("activities:postponed", { name: activity.name, date });
          toast(
            title,
            undo(() => setDue(moved, activity.due_at)),
          );
        }
      },

      async remove(activity: Activity) {
        await stopReading(client);
        changeCached(client, activity.id, null);
        try {
          await deleteActivity(activity);
          toast(
            t("records:movedToTrash", { count: 1 }),
            undo(() =>
              restoreActivity(activity.id)
                .catch((error: unknown) => toastProblem(asProblem(error)))
                .then(() => refresh(activity)),
            ),
          );
        } catch (error) {
          toastProblem(asProblem(error));
        } finally {
          void refresh(activity);
        }
      },
    };
  }, [client, t]);
}
