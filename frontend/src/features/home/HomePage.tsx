import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { customersByLifecycleQuery, firstRecordsQuery, openByStageQuery } from "@/api/figures";
import { isGranted, meQuery } from "@/api/me";
import type { Me } from "@/api/types";
import { openQuickCreate } from "@/features/records/quick-create";
import { toDate, useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { PageHeader } from "@/ui/PageHeader";
import { CustomersPanel } from "./CustomersPanel";
import { partOfDay } from "./figures";
import { LeadsPanel } from "./LeadsPanel";
import { Panel } from "./Panel";
import { PipelinePanel } from "./PipelinePanel";
import { type Recent, RecentPanel } from "./RecentPanel";
import { SoonPanel } from "./SoonPanel";
import { StalePanel } from "./StalePanel";
import { Start } from "./Start";
import { WonPanel } from "./WonPanel";

/** Whether nothing has been entered yet. */
function useIsNew(): boolean {
  const leads = useQuery(firstRecordsQuery("leads", { sort: "-created_at", limit: 1 }));
  const stages = useQuery(openByStageQuery());
  const customers = useQuery(customersByLifecycleQuery());
  return leads.data?.data.length === 0 && stages.data?.length === 0 && customers.data?.length === 0;
}

interface HomePageProps {
  recents: Recent[];
  /** What is late and what is due today. */
  renderTasks: () => ReactNode;
  /** What the user has jotted down. */
  renderNotes: () => ReactNode;
  /** The records the user wants at hand. */
  renderFavourites: () => ReactNode;
}

/** What a salesperson wants to see in the morning. */
export function HomePage(props: HomePageProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const me = useQuery(meQuery()).data;
  const isNew = useIsNew();
  if (!me) return null;
  const canCreate = isGranted(me.permissions, "lead", "create");
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t(`home:greeting.${partOfDay(new Date().getHours())}`, { name: me.name })}
        meta={<span className="phone:hidden">{date(toDate(new Date().toISOString()))}</span>}
        actions={
          canCreate && (
            <Button
              variant="primary"
              icon={<Plus className="size-4" />}
              onClick={() => openQuickCreate("leads")}
            >
              {t("records:newOf.leads")}
            </Button>
          )
        }
      />
      <div className="relative min-h-0 flex-1 overflow-y-auto p-5 phone:p-3">
        {isNew ? <Start me={me} /> : <Panels me={me} {...props} />}
      </div>
    </div>
  );
}

function Panels({ me, recents, ...props }: HomePageProps & { me: Me }) {
  const { t } = useTranslation();
  const { currency } = me.organisation;
  const seesOthers = me.permissions.some(
    ({ type, action, scope }) =>
      type === "opportunity" && action === "view" && !["none", "own"].includes(scope),
  );
  const sees = (type: string) => isGranted(me.permissions, type, "view");
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-3 items-start gap-4 phone:grid-cols-1 phone:gap-3">
      <div className="col-span-2 flex flex-col gap-4 phone:col-span-1 phone:gap-3">
        {sees("activity") && (
          <Panel title={t("home:tasks")} link={{ to: "/tasks", label: t("home:all") }}>
            {props.renderTasks()}
          </Panel>
        )}
        <Panel title={t("home:notes")}>{props.renderNotes()}</Panel>
        {sees("lead") && <LeadsPanel />}
        {sees("opportunity") && <StalePanel seesOthers={seesOthers} />}
        {sees("opportunity") && <PipelinePanel currency={currency} />}
      </div>
      <div className="flex min-w-0 flex-col gap-4 phone:gap-3">
        <Panel title={t("home:favourites")}>{props.renderFavourites()}</Panel>
        {sees("customer") && <SoonPanel me={me} />}
        {sees("opportunity") && <WonPanel currency={currency} />}
        {sees("customer") && <CustomersPanel />}
        <RecentPanel recents={recents} />
      </div>
    </div>
  );
}
