import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { firstRecordsQuery } from "@/api/figures";
import type { Lead } from "@/api/types";
import { Read } from "@/features/records/Read";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Panel } from "./Panel";

const SHOWN = 6;

/** My new leads that nobody has answered, the most urgent first. */
export function LeadsPanel() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const leads = useQuery(
    firstRecordsQuery("leads", {
      filter: 'owner_id = @me AND status_category = "new" AND first_responded_at IS NULL',
      sort: "first_response_due_at",
      limit: SHOWN,
    }),
  );
  const total = leads.data?.meta?.total;
  return (
    <Panel
      title={t("home:newLeads")}
      meta={total ? number(total) : undefined}
      link={{
        to: "/leads",
        search: { view: "mine", status: "new", sort: "first_response_due_at" },
        label: t("home:all"),
      }}
    >
      <Read query={leads} lines={6}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="flex items-center gap-2 py-6 text-fg2">
              <CircleCheck className="size-5 text-ok" aria-hidden="true" />
              {t("home:allAnswered")}
            </p>
          ) : (
            <ul className="-mx-2">
              {data.map((lead) => (
                <LeadLine key={lead.id} lead={lead} />
              ))}
            </ul>
          )
        }
      </Read>
    </Panel>
  );
}

const RATINGS = { hot: "red", warm: "amber", cold: "blue" } as const;

function LeadLine({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { moneyShort } = useFormat();
  const company = lead.company_name === lead.name ? null : lead.company_name;
  return (
    <li className="relative flex h-11 items-center gap-3 rounded-md px-2 hover:bg-hover phone:h-16">
      <Avatar name={lead.name} size="md" />
      <div className="flex min-w-0 flex-1 items-center gap-2 phone:flex-col phone:items-start phone:gap-0">
        <Link
          to={`/leads/${lead.id}` as string}
          className="max-w-full shrink-0 truncate after:absolute after:inset-0 after:rounded-md"
        >
          {lead.name}
        </Link>
        {company && <span className="max-w-full truncate text-fg3">{company}</span>}
      </div>
      {lead.rating && (
        <Badge colour={RATINGS[lead.rating]}>{t(`records:rating.${lead.rating}`)}</Badge>
      )}
      {lead.estimated_amount && (
        <span className="tnum w-16 text-right phone:hidden">
          {moneyShort(lead.estimated_amount)}
        </span>
      )}
      <Waiting lead={lead} />
      {lead.phone && (
        <a
          href={`tel:${lead.phone}`}
          aria-label={t("home:call", { name: lead.name })}
          className="relative z-[1] flex size-7 items-center justify-center rounded-md text-fg3 hover:bg-line hover:text-fg phone:size-11"
        >
          <Phone className="size-4" />
        </a>
      )}
    </li>
  );
}

/** How long there is to answer it, or how long it should have been; without a time, how long it is here. */
function Waiting({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { duration, instant, relativeDay } = useFormat();
  const { first_response_due_at: due, created_at: created } = lead;
  const seconds = due === null ? 0 : Math.abs(Date.parse(due) - Date.now()) / 1000;
  const isOverdue = lead.response === "overdue";
  return (
    <time
      dateTime={due ?? created}
      {...(due !== null && { title: t("records:answerBy", { when: instant(due) }) })}
      className={cn(
        "w-28 text-right text-xs phone:w-auto",
        isOverdue ? "font-medium text-danger" : "text-fg3",
      )}
    >
      {due === null
        ? relativeDay(created)
        : t(isOverdue ? "home:answerLate" : "home:answerIn", { time: duration(seconds) })}
    </time>
  );
}
