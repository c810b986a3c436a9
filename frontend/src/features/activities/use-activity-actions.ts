import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import {
  deleteActivity,
  refreshActivities,
  restoreActivity,
  updateActivity,
} from "@/api/activities";
import { asProblem } from "@/api/problem";
import type { Activity, ActivityInput } from "@/api/types";
import { toastProblem } from "@/features/records/use-delete";
import { formatDate, toInstant, toTime } from "@/lib/format";
import { toast } from "@/ui/Toast";
import { changeCached, stopReading } from "./cached";
import { DUE_TIME } from "./draft";

type Changes = Partial<Pick<ActivityInput, "status" | "due_at" | "happened_at">>;

/** What can be done to an activity where it stands: shown at once, taken back by a toast. */
export function useActivityActions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMemo(() => {
    const refresh = (activity: Activity) => refreshActivities(client, activity.about);

    /** Shows, then writes; answers with what stands now, or null when it was refused. */
    async function write(activity: Activity, changes: Changes, shown: Partial<Activity>) {
      await stopReading(client);
      changeCached(client, activity.id, { ...activity, ...shown });
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
      write(activity, { due_at }, { due_at });

    return {
      async complete(activity: Activity) {
        const done = await setDone(activity);
        if (done) {
          const title = t("activities:completed", { name: activity.name });
          toast(
            title,
            undo(() => setOpen(done)),
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
