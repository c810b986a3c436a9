import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { MOST_COUNTED, unreadQuery } from "@/api/notifications";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { usePhone } from "@/lib/media";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { Skeleton } from "@/ui/Skeleton";

const Inbox = lazyNamed(() =>
  withTexts("notifications", () => import("./Inbox")).then((module) => module.Inbox),
);
const InboxSheet = lazyNamed(() =>
  withTexts("notifications", () => import("./InboxSheet")).then((module) => module.InboxSheet),
);

interface BellProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** How many notifications are unread, and the way to them: beside the bell, on a phone the whole screen. */
export function Bell({ open, onOpenChange }: BellProps) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const unread = useQuery(unreadQuery()).data?.unread ?? 0;
  const isMore = unread >= MOST_COUNTED;
  const label = isMore
    ? t("shell:bell.many", { count: MOST_COUNTED - 1 })
    : unread > 0
      ? t("shell:bell.unread", { count: unread })
      : t("shell:bell.title");
  const button = (
    <IconButton
      label={label}
      shortcut="g n"
      className="relative"
      {...(isPhone && { onClick: () => onOpenChange(true) })}
    >
      <BellIcon />
      {unread > 0 && (
        <span
          aria-hidden="true"
          className="tnum absolute top-0 right-0 min-w-4 rounded-full bg-accent px-1 font-semibold text-[10px] text-accent-fg leading-4 ring-2 ring-bg phone:top-1.5 phone:right-1 phone:ring-panel"
        >
          {isMore ? `${MOST_COUNTED - 1}+` : unread}
        </span>
      )}
    </IconButton>
  );
  const close = () => onOpenChange(false);
  if (isPhone) {
    return (
      <>
        {button}
        <Suspense fallback={null}>{open && <InboxSheet onClose={close} />}</Suspense>
      </>
    );
  }
  return (
    <Popover
      label={t("shell:bell.title")}
      open={open}
      onOpenChange={onOpenChange}
      trigger={button}
      focusFirst="[data-main]"
      className="flex max-h-[min(38rem,var(--available-height))] w-104 flex-col overflow-hidden p-0"
    >
      <Suspense fallback={<Skeleton className="m-4" />}>
        <Inbox onClose={close} hasTitle />
      </Suspense>
    </Popover>
  );
}
