import type { QueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import {
  inboxKey,
  type Notification,
  readNewest,
  unreadQuery,
  updateNotification,
} from "@/api/notifications";
import type { Pages } from "@/api/paging";
import { toast } from "@/ui/Toast";
import { isNews } from "./told";
import { headlineOf, type Place, placeOf, subjectOf } from "./words";

/** So many are looked at; whoever gets more at once opens the list. */
const MOST = 10;

interface Ways {
  /** How many have come at most. */
  most: number;
  open: (place: Place) => void;
  openAll: () => void;
}

/** What stands in the lists of this page is no news. */
function shown(client: QueryClient): Set<string> {
  const lists = client.getQueriesData<Pages<Notification>>({ queryKey: inboxKey });
  const inbox = lists.filter(([key]) => !key.includes("snoozed"));
  return new Set(
    inbox.flatMap(([, list]) => list?.pages.flatMap(({ data }) => data.map(({ id }) => id)) ?? []),
  );
}

/** Whoever watches a job sees that it has ended. */
function isWatched({ job }: Notification): boolean {
  return job ? globalThis.location.pathname === `/jobs/${job.id}` : false;
}

function sayOne(client: QueryClient, one: Notification, open: Ways["open"]): void {
  const place = placeOf(one);
  const subject = subjectOf(t, one);
  const run = () => {
    if (place === null) return;
    open(place);
    void updateNotification(one.id, { is_read: true })
      .then(() => client.invalidateQueries({ queryKey: unreadQuery().queryKey }))
      // It stays unread in the list, where it can be marked again.
      .catch(() => undefined);
  };
  toast(headlineOf(t, one), {
    tone: "news",
    ...(subject !== "" && { description: subject }),
    ...(place !== null && { action: { label: t("records:open"), run } }),
  });
}

/** Says in passing what has come, and nothing twice. */
export async function announce(client: QueryClient, { most, open, openAll }: Ways): Promise<void> {
  const known = shown(client);
  // The count says it all the same when this cannot be read.
  const newest = await readNewest(Math.min(most, MOST)).catch(() => []);
  const fresh = newest.filter((one) => isNews(one) && !known.has(one.id) && !isWatched(one));
  const [first] = fresh;
  if (!first) return;
  if (fresh.length === 1) sayOne(client, first, open);
  else {
    toast(t("notifications:arrived", { count: most }), {
      tone: "news",
      action: { label: t("records:open"), run: openAll },
    });
  }
}
