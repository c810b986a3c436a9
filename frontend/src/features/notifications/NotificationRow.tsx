import { Link } from "@tanstack/react-router";
import {
  AlarmClock,
  ArrowRightLeft,
  AtSign,
  Bell,
  Clock,
  Hourglass,
  ListChecks,
  type LucideIcon,
  Mail,
  MailOpen,
  TriangleAlert,
  Undo2,
  UserRoundCheck,
  Waves,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Notification, NotificationKind } from "@/api/notifications";
import { cn } from "@/lib/cn";
import { toDate, today, useFormat } from "@/lib/format";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";
import { snoozeTimes } from "./snooze";
import { useNotificationActions } from "./use-notification-actions";
import { headlineOf, placeOf, subjectOf } from "./words";

const icons: Record<NotificationKind, LucideIcon> = {
  mentioned: AtSign,
  assigned: UserRoundCheck,
  handed_over: ArrowRightLeft,
  task_due: AlarmClock,
  opportunity_slow: Hourglass,
  opportunity_stale: TriangleAlert,
  opportunity_escalated: TriangleAlert,
  customer_release_soon: Hourglass,
  customer_released: Waves,
  job_finished: ListChecks,
};

interface NotificationRowProps {
  notification: Notification;
  onClose: () => void;
  /** It is about to leave the list. */
  onGone: () => void;
}

/** What has happened, to whom and when; the row leads there. */
export function NotificationRow({ notification, onClose, onGone }: NotificationRowProps) {
  const { t } = useTranslation();
  const { kind, read_at } = notification;
  const Icon = icons[kind] ?? Bell;
  const subject = subjectOf(t, notification);
  const isUnread = read_at === null;
  return (
    <li
      data-notification={notification.id}
      className="group relative flex items-start gap-3 px-4 py-2.5 hover:bg-hover has-[[data-main]:focus-visible]:bg-hover phone:py-3"
    >
      <span
        className={cn(
          "flex size-7 shrink-0 items-center justify-center rounded-full",
          isUnread ? "bg-accent-soft text-accent-strong" : "bg-hover text-fg3",
        )}
      >
        <Icon className="size-3.5" aria-hidden="true" />
      </span>
      <div className="min-w-0 flex-1">
        <p className={cn("flex items-center gap-2", isUnread && "font-medium")}>
          <Main notification={notification} onClose={onClose} />
          {isUnread && (
            <span
              role="img"
              aria-label={t("notifications:unread")}
              className="size-2 shrink-0 rounded-full bg-accent"
            />
          )}
        </p>
        {subject !== "" && <p className="line-clamp-2 break-words text-fg2">{subject}</p>}
        <When notification={notification} />
      </div>
      <Actions notification={notification} onGone={onGone} />
    </li>
  );
}

const mainClass =
  "text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2";

/** The whole row is the way to what it is about; one that leads nowhere is only marked as read. */
function Main({ notification, onClose }: Omit<NotificationRowProps, "onGone">) {
  const { t } = useTranslation();
  const { setRead } = useNotificationActions();
  const place = placeOf(notification);
  const headline = headlineOf(t, notification);
  const read = () => {
    if (notification.read_at === null) void setRead(notification, true);
  };
  if (place === null) {
    return (
      <button type="button" data-main="" className={mainClass} onClick={read}>
        {headline}
      </button>
    );
  }
  return (
    <Link
      to={place.to as string}
      search={place.search as never}
      data-main=""
      className={mainClass}
      onClick={() => {
        read();
        onClose();
      }}
    >
      {headline}
    </Link>
  );
}

/** What happens at the moment that it is about. */
function dueWord(kind: NotificationKind) {
  if (kind === "customer_release_soon") return "notifications:goes";
  return kind.startsWith("opportunity_") ? "notifications:since" : "notifications:due";
}

function When({ notification }: { notification: Notification }) {
  const { t } = useTranslation();
  const { instant, time, relativeDay } = useFormat();
  const { kind, created_at, snoozed_until, due_at } = notification;
  const short = (at: string) => (toDate(at) === today() ? time(at) : relativeDay(at));
  return (
    <p className="tnum flex flex-wrap gap-x-2 text-fg3 text-xs">
      {snoozed_until !== null ? (
        <span>{t("notifications:until", { when: instant(snoozed_until) })}</span>
      ) : (
        <time dateTime={created_at} title={instant(created_at)}>
          {short(created_at)}
        </time>
      )}
      {due_at !== null && <span>{t(dueWord(kind), { when: instant(due_at) })}</span>}
    </p>
  );
}

function Actions({ notification, onGone }: Omit<NotificationRowProps, "onClose">) {
  const { t } = useTranslation();
  const { setRead, snooze, wake } = useNotificationActions();
  const isUnread = notification.read_at === null;
  const isPutOff = notification.snoozed_until !== null;
  const [wakes, reads] = [
    t("notifications:wake"),
    t(`notifications:mark.${isUnread ? "read" : "unread"}`),
  ];
  return (
    <div className="relative flex shrink-0 opacity-0 focus-within:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 has-data-popup-open:opacity-100 phone:opacity-100">
      <IconButton
        size="sm"
        data-action="read"
        label={reads}
        onClick={() => void setRead(notification, isUnread)}
      >
        {isUnread ? <MailOpen /> : <Mail />}
      </IconButton>
      {isPutOff ? (
        <IconButton
          size="sm"
          data-action="snooze"
          label={wakes}
          onClick={() => {
            onGone();
            void wake(notification);
          }}
        >
          <Undo2 />
        </IconButton>
      ) : (
        <Menu
          trigger={
            <IconButton
              size="sm"
              hasTooltip={false}
              data-action="snooze"
              label={t("notifications:snooze")}
            >
              <Clock />
            </IconButton>
          }
          groups={[
            snoozeTimes(new Date()).map(({ id, at }) => ({
              id,
              label: t(`notifications:snoozeFor.${id}`),
              onSelect: () => {
                onGone();
                void snooze(notification, at);
              },
            })),
          ]}
        />
      )}
    </div>
  );
}
