import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/me";
import { cn } from "@/lib/cn";
import { withTexts } from "@/lib/i18n";
import { usePhone } from "@/lib/media";
import { EmptyState } from "@/ui/EmptyState";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { type Section, visibleGroups } from "./sections";

const pages: Record<string, ComponentType> = {
  profile: lazy(() => import("./ProfileSection")),
  notifications: lazy(() => import("./NotificationsSection")),
  organisation: lazy(() => import("./OrganisationSection")),
  people: lazy(() => import("./PeopleSection")),
  teams: lazy(() => import("./TeamsSection")),
  roles: lazy(() => import("./RolesSection")),
  pipelines: lazy(() => import("./PipelinesSection")),
  statuses: lazy(() => import("./StatusesSection")),
  sources: lazy(() => import("./SourcesSection")),
  templates: lazy(() => withTexts("templates", () => import("./templates/TemplatesSection"))),
  rules: lazy(() => import("./rules/RulesSection")),
  scoring: lazy(() => withTexts("scoring", () => import("./scoring/ScoringSection"))),
  pools: lazy(() => import("./pools/PoolsSection")),
  keys: lazy(() => import("./KeysSection")),
};

/** The settings: a list of pages and the one that is open; on a phone one after the other. */
export function SettingsPage({ section }: { section: string | null }) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const me = useQuery(meQuery()).data;
  const groups = visibleGroups(me?.permissions ?? []);
  const known = groups.flatMap((group) => group.sections);
  const shown = section ?? (isPhone ? null : "profile");
  const isAllowed = known.some(({ id }) => id === shown);
  const Page = shown !== null && isAllowed ? pages[shown] : undefined;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        title={t("settings:title")}
        before={
          isPhone &&
          shown !== null && (
            <Link
              to="/settings"
              aria-label={t("settings:back")}
              className="-ml-2 flex size-11 items-center justify-center rounded-md text-fg2"
            >
              <ChevronLeft className="size-5" />
            </Link>
          )
        }
      />
      <div className="flex min-h-0 flex-1">
        {(!isPhone || shown === null) && (
          <nav
            aria-label={t("settings:title")}
            className="w-52 shrink-0 overflow-y-auto border-line border-r bg-panel p-2 phone:w-full phone:border-0"
          >
            {groups.map((group) => (
              <div key={group.id} className="mb-3">
                <p className="px-2 py-1 text-fg3 text-xs">{t(`settings:group.${group.id}`)}</p>
                <ul>
                  {group.sections.map((entry) => (
                    <SectionLink key={entry.id} entry={entry} isCurrent={entry.id === shown} />
                  ))}
                </ul>
              </div>
            ))}
          </nav>
        )}
        {shown !== null && (
          <div className="relative min-w-0 flex-1 overflow-y-auto bg-panel">
            <Suspense fallback={<SkeletonRows label={t("settings:loading")} />}>
              {Page ? (
                <Page />
              ) : (
                me && (
                  <EmptyState title={t("settings:notHere")}>{t("settings:notHereHint")}</EmptyState>
                )
              )}
            </Suspense>
          </div>
        )}
      </div>
    </div>
  );
}

function SectionLink({ entry, isCurrent }: { entry: Section; isCurrent: boolean }) {
  const { t } = useTranslation();
  const Icon = entry.icon;
  return (
    <li>
      <Link
        to={`/settings/${entry.id}` as string}
        aria-current={isCurrent ? "page" : undefined}
        className={cn(
          "flex h-7 items-center gap-2 rounded-md px-2 text-fg2 hover:bg-hover hover:text-fg phone:h-12",
          isCurrent && "bg-hover font-medium text-fg",
        )}
      >
        <Icon className="size-4 text-fg3" />
        <span className="flex-1">{t(`settings:section.${entry.id}`)}</span>
        <ChevronRight className="hidden size-4 text-fg3 phone:block" />
      </Link>
    </li>
  );
}
