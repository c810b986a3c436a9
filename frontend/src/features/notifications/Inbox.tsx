import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellRing, CheckCheck, Settings2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type InboxView, notificationsQuery } from "@/api/notifications";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { IconButton } from "@/ui/IconButton";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { SkeletonRows } from "@/ui/Skeleton";
import { NotificationList } from "./NotificationList";
import { useNotificationActions } from "./use-notification-actions";

const VIEWS: InboxView[] = ["inbox", "unread", "snoozed"];

interface InboxProps {
  onClose: () => void;
  /** Where nothing around it says what it is. */
  hasTitle?: boolean;
}

/** What one has been told: all of it, what is unread, and what was put off. */
export function Inbox({ onClose, hasTitle = false }: InboxProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<InboxView>("inbox");
  const query = useInfiniteQuery(notificationsQuery(view));
  const { readAll } = useNotificationActions();
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const newest = view === "snoozed" ? undefined : rows?.[0];
  return (
    <>
      {hasTitle && (
        <h2 className="shrink-0 px-4 pt-3 font-semibold text-base">{t("shell:bell.title")}</h2>
      )}
      <div className="flex shrink-0 items-center gap-1 border-line border-b px-3 py-2">
        <SegmentedControl
          label={t("notifications:which")}
          value={view}
          onChange={setView}
          options={VIEWS.map((value) => ({ value, label: t(`notifications:view.${value}`) }))}
        />
        <span className="flex-1" />
        <IconButton
          label={t("notifications:readAll")}
          disabled={!rows?.some(({ read_at }) => read_at === null) || !newest}
          onClick={() => newest && void readAll(newest)}
        >
          <CheckCheck />
        </IconButton>
        <Link
          to="/settings/notifications"
          aria-label={t("notifications:settings")}
          title={t("notifications:settings")}
          onClick={onClose}
          className="flex size-8 items-center justify-center rounded-md text-fg2 hover:bg-hover hover:text-fg phone:size-11"
        >
          <Settings2 className="size-4" aria-hidden="true" />
        </Link>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {query.isPending && <SkeletonRows label={t("notifications:loading")} />}
        {query.isError && (
          <ErrorState problem={asProblem(query.error)} onRetry={() => void query.refetch()} />
        )}
        {rows?.length === 0 && (
          <EmptyState icon={<BellRing />} title={t(`notifications:empty.${view}`)}>
            {view === "inbox" && t("notifications:emptyHint")}
          </EmptyState>
        )}
        {rows && rows.length > 0 && <NotificationList view={view} rows={rows} onClose={onClose} />}
        {query.hasNextPage && (
          <div className="p-3">
            <Button
              className="w-full"
              busy={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t("notifications:older")}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
