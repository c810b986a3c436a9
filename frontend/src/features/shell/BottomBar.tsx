import { Link, useNavigate } from "@tanstack/react-router";
import { Menu as MenuIcon, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/types";
import { Button } from "@/ui/Button";
import { Drawer } from "@/ui/Drawer";
import { AccountMenu } from "./AccountMenu";
import { home, type Place, places, recordPlaces, tasks } from "./navigation";
import { setOverlay } from "./overlay";
import { LanguageSwitch, ThemeSwitch } from "./Switches";

const [leads] = recordPlaces;

/** The bar at the thumb's end of a phone, with "+" in the middle. */
export function BottomBar({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <nav
      aria-label={t("shell:navigation")}
      className="grid shrink-0 grid-cols-5 items-center border-line border-t bg-panel pb-safe"
    >
      <BarLink place={home} />
      <BarLink place={tasks} />
      <button
        type="button"
        aria-label={t("records:new")}
        onClick={() => setOverlay("create")}
        className="mx-auto my-1.5 flex size-11 items-center justify-center rounded-full bg-accent text-accent-fg"
      >
        <Plus className="size-5" />
      </button>
      {leads && <BarLink place={leads} />}
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
        className="flex h-14 flex-col items-center justify-center gap-0.5 text-fg2 text-xs"
      >
        <MenuIcon className="size-5" aria-hidden="true" />
        {t("shell:more")}
      </button>
      <MoreDrawer me={me} open={isOpen} onOpenChange={setOpen} />
    </nav>
  );
}

function BarLink({ place }: { place: Place }) {
  const { t } = useTranslation();
  const Icon = place.icon;
  return (
    <Link
      to={place.to as string}
      activeOptions={{ exact: place.to === "/", includeSearch: false }}
      className="flex h-14 flex-col items-center justify-center gap-0.5 text-fg2 text-xs data-[status=active]:text-accent"
    >
      <Icon className="size-5" aria-hidden="true" />
      {t(place.label)}
    </Link>
  );
}

interface MoreDrawerProps {
  me: Me;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function MoreDrawer({ me, open, onOpenChange }: MoreDrawerProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const close = () => onOpenChange(false);
  return (
    <Drawer open={open} onOpenChange={onOpenChange} title={me.organisation.name}>
      <div className="flex items-center gap-1 pb-2">
        <AccountMenu me={me} />
        <span className="flex-1">{me.name}</span>
        <ThemeSwitch />
        <LanguageSwitch me={me} />
      </div>
      <Button
        className="mb-2 w-full"
        onClick={() => {
          close();
          setOverlay("palette");
        }}
      >
        {t("shell:searchOrCommand")}
      </Button>
      <ul>
        {places.map((place) => (
          <li key={place.to}>
            <button
              type="button"
              className="flex h-12 w-full items-center gap-3 rounded-md px-2 text-base hover:bg-hover"
              onClick={() => {
                close();
                void navigate({ to: place.to });
              }}
            >
              <place.icon className="size-5 text-fg2" aria-hidden="true" />
              {t(place.label)}
            </button>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
