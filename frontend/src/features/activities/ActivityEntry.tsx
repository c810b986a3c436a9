import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { About, Activity } from "@/api/types";
import { outcomeColours, traits } from "@/features/records/activity-kinds";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { ActivityMenu } from "./ActivityMenu";
import { Body } from "./Body";
import { ownTitle } from "./draft";
import { AttachmentList } from "./files/AttachmentList";
import { pathOf } from "./TaskRow";

interface ActivityEntryProps {
  activity: Activity;
  at: string;
  /** The record whose timeline it stands in. */
  recordId: string;
  /** The lead it was noted on. */
  from: About | null;
}

/** What somebody did: who, what, when, and what they wrote. */
export function ActivityEntry({ activity, at, recordId, from }: ActivityEntryProps) {
  const { t } = useTranslation();
  const { instant, time, duration } = useFormat();
  const { kind, direction, outcome, duration_minutes: minutes, body } = activity;
  const Icon = traits[kind].icon;
  const title = ownTitle(activity);
  const word = t(`activities:kinds.${kind}`);
  return (
    <li className="relative flex gap-3">
      <span className="z-10 flex size-5 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent-strong ring-4 ring-panel">
        <Icon className="size-3" aria-hidden="true" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-1.5">
          <span className="font-medium">{activity.owner?.name ?? t("records:system")}</span>
          <span className="text-fg2">
            {direction === "inbound" ? t("activities:inbound", { kind: word }) : word}
          </span>
          {outcome && (
            <Badge colour={outcomeColours[outcome]}>{t(`activities:outcomes.${outcome}`)}</Badge>
          )}
          {minutes !== null && <span className="tnum text-fg2">{duration(minutes * 60)}</span>}
          <time dateTime={at} title={instant(at)} className="tnum text-fg3 text-xs">
            {time(at)}
          </time>
        </p>
        {title !== null && title.toLowerCase() !== word.toLowerCase() && (
          <p className="break-words font-medium">{title}</p>
        )}
        {body !== null && <Body text={body} mentions={activity.mentions} />}
        <AttachmentList attachments={activity.attachments} />
        <Others activity={activity} recordId={recordId} from={from} />
      </div>
      <ActivityMenu
        activity={activity}
        className="opacity-0 focus-visible:opacity-100 data-popup-open:opacity-100 phone:opacity-100 [li:hover>&]:opacity-100"
      />
    </li>
  );
}

/** Who took part, what else it is about, and the lead it was noted on. */
function Others({ activity, recordId, from }: Omit<ActivityEntryProps, "at">) {
  const { t } = useTranslation();
  const people = activity.participants.flatMap(({ name }) => name ?? []);
  const others = activity.about.filter(({ id, name }) => id !== recordId && name !== null);
  const rest = others.filter(({ id }) => id !== from?.id);
  if (people.length === 0 && rest.length === 0 && !from) return null;
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-2 text-fg3 text-xs">
      {people.length > 0 && (
        <span>{t("activities:with", { names: people.join(t("records:listSeparator")) })}</span>
      )}
      {from && (
        <RecordLink about={from}>
          {t("activities:fromLead", { name: from.name ?? t("records:linked") })}
        </RecordLink>
      )}
      {rest.map((about) => (
        <RecordLink key={about.id} about={about}>
          {about.name}
        </RecordLink>
      ))}
    </p>
  );
}

function RecordLink({ about, children }: { about: About; children: React.ReactNode }) {
  return (
    <Link
      to={pathOf(about)}
      className="flex min-h-6 items-center hover:text-fg hover:underline phone:min-h-11"
    >
      {children}
    </Link>
  );
}
