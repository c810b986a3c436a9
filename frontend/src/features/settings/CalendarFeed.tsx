import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { calendarFeedQuery, createCalendarFeed, endCalendarFeed } from "@/api/calendar-feed";
import { asProblem } from "@/api/problem";
import { toDate, useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/Toast";
import { Loaded } from "./Loaded";
import { SecretDialog } from "./SecretDialog";

/** The link under which another calendar shows one's tasks: made, replaced and ended. */
export function CalendarFeed() {
  const { t } = useTranslation();
  const { date, relativeDay } = useFormat();
  const client = useQueryClient();
  const feed = useQuery(calendarFeedQuery());
  const [url, setUrl] = useState<string | null>(null);
  // While the question goes away it still says what was asked.
  const [asked, setAsked] = useState<"replace" | "end">("end");
  const [isAsking, setAsking] = useState(false);
  const settle = {
    onError: (error: unknown) => toast(asProblem(error).title, { tone: "error" }),
    onSettled: () => {
      setAsking(false);
      return client.invalidateQueries({ queryKey: calendarFeedQuery().queryKey });
    },
  };
  const create = useMutation({
    mutationFn: createCalendarFeed,
    onSuccess: (made) => setUrl(made.url),
    ...settle,
  });
  const end = useMutation({ mutationFn: endCalendarFeed, ...settle });
  const ask = (what: typeof asked) => {
    setAsked(what);
    setAsking(true);
  };
  return (
    <>
      <p className="mb-3 max-w-xl text-fg2">{t("settings:feed.hint")}</p>
      <Loaded query={feed}>
        {(current) =>
          current === null ? (
            <Button busy={create.isPending} onClick={() => create.mutate()}>
              {t("settings:feed.create")}
            </Button>
          ) : (
            <div className="flex flex-wrap items-center gap-2">
              <p className="mr-auto phone:basis-full">
                {t("settings:feed.made", { date: date(toDate(current.created_at)) })}
                <span className="block text-fg3 text-xs">
                  {current.last_used_at
                    ? t("settings:feed.lastUsed", { when: relativeDay(current.last_used_at) })
                    : t("settings:feed.neverUsed")}
                </span>
              </p>
              <Button onClick={() => ask("replace")}>{t("settings:feed.replace")}</Button>
              <Button variant="danger" onClick={() => ask("end")}>
                {t("settings:feed.end")}
              </Button>
            </div>
          )
        }
      </Loaded>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t(`settings:feed.ask.${asked}`)}
        confirmLabel={asked === "replace" ? t("settings:feed.replace") : t("settings:feed.end")}
        danger
        busy={create.isPending || end.isPending}
        onConfirm={() => (asked === "replace" ? create.mutate() : end.mutate())}
      >
        {t("settings:feed.askHint")}
      </ConfirmDialog>
      {url !== null && (
        <SecretDialog
          title={t("settings:feed.link")}
          description={t("settings:feed.linkHint")}
          copyLabel={t("settings:feed.copy")}
          secret={url}
          onClose={() => setUrl(null)}
        />
      )}
    </>
  );
}
