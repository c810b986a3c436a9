import { Link } from "@tanstack/react-router";
import { PanelLeft, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/types";
import { cn } from "@/lib/cn";
import { IconButton } from "@/ui/IconButton";
import { Kbd } from "@/ui/Kbd";
import { Tooltip } from "@/ui/Tooltip";
import { AccountMenu } from "./AccountMenu";
import { calendar, home, type Place, recordPlaces, settings, tasks, trash } from "./navigation";
import { setOverlay } from "./overlay";
import { LanguageSwitch, ThemeSwitch } from "./Switches";

const STORAGE_KEY = "rapport.rail";

interface RailProps {
  me: Me;
  bell: ReactNode;
  /** What stands under the places. */
  renderAtHand: (narrow: boolean) => ReactNode;
}

/** The left rail: where everything is. */
export function Rail({ me, bell, renderAtHand }: RailProps) {
  const { t } = useTranslation();
  const [narrow, setNarrow] = useState(() => localStorage.getItem(STORAGE_KEY) === "narrow");

  function toggle() {
    localStorage.setItem(STORAGE_KEY, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  }

  return (
    <aside
      aria-label={t("shell:rail")}
      className={cn(
        "flex shrink-0 flex-col border-line border-r bg-bg p-2",
        narrow ? "w-13" : "w-55",
      )}
    >
      <div className={cn("flex h-9 items-center gap-1 px-1", narrow && "h-auto flex-col px-0")}>
        {!narrow && (
          <>
            <span
              aria-hidden="true"
              className="flex size-6 shrink-0 items-center justify-center rounded-md bg-fg font-semibold text-bg text-xs"
            >
              {[...me.organisation.name][0]}
            </span>
            <span className="ml-1 min-w-0 flex-1 truncate font-semibold">
              {me.organisation.name}
            </span>
          </>
        )}
        {bell}
        <AccountMenu me={me} />
      </div>
      <SearchButton narrow={narrow} />
      <nav
        aria-label={t("shell:navigation")}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto p-0.5"
      >
        <RailLink place={home} narrow={narrow} />
        <RailLink place={tasks} narrow={narrow} />
        <RailLink place={calendar} narrow={narrow} />
        {!narrow && <p className="mt-3 mb-1 px-2 text-fg3 text-xs">{t("shell:records")}</p>}
        {narrow && <hr className="mx-1 my-2 border-line" />}
        {recordPlaces.map((place) => (
          <RailLink key={place.to} place={place} narrow={narrow} />
        ))}
        {renderAtHand(narrow)}
        <div className="mt-auto" />
        <RailLink place={trash} narrow={narrow} />
        <RailLink place={settings} narrow={narrow} />
      </nav>
      <div
        className={cn(
          "mt-1 flex items-center gap-0.5 border-line border-t pt-2",
          narrow && "flex-col",
        )}
      >
        <IconButton
          label={narrow ? t("shell:widen") : t("shell:narrow")}
          aria-expanded={!narrow}
          onClick={toggle}
        >
          <PanelLeft />
        </IconButton>
        <span className="flex-1" />
        <ThemeSwitch />
        <LanguageSwitch me={me} />
      </div>
    </aside>
  );
}

function SearchButton({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  if (narrow) {
    return (
      <IconButton
        className="mx-auto my-2"
        label={t("shell:search")}
        shortcut="$mod+k"
        onClick={() => setOverlay("palette")}
      >
        <Search />
      </IconButton>
    );
  }
  return (
    <button
      type="button"
      onClick={() => setOverlay("palette")}
      className="my-2 flex h-8 w-full items-center gap-2 rounded-md border border-line-strong bg-panel px-2 text-fg2 hover:bg-hover"
    >
      <Search className="size-4 shrink-0" />
      <span className="min-w-0 flex-1 truncate text-left">{t("shell:searchOrCommand")}</span>
      <Kbd keys="$mod+k" />
    </button>
  );
}

function RailLink({ place, narrow }: { place: Place; narrow: boolean }) {
  const { t } = useTranslation();
  const Icon = place.icon;
  const label = t(place.label);
  const link = (
    <Link
      to={place.to as string}
      activeOptions={{ exact: place.to === "/", includeSearch: false }}
      aria-label={narrow ? label : undefined}
      className={cn(
        "flex h-7 shrink-0 items-center gap-2 rounded-md px-2 text-fg2 hover:bg-hover hover:text-fg data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-fg",
        narrow && "mb-1 h-8 justify-center px-0",
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden="true" />
      {!narrow && <span className="truncate">{label}</span>}
    </Link>
  );
  if (!narrow) return link;
  return (
    <Tooltip content={label} shortcut={place.shortcut} side="right">
      {link}
    </Tooltip>
  );
}
