import { Link } from "@tanstack/react-router";
import { ChevronDown, Star } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { KindIcon } from "./KindIcon";
import { type Named, named } from "./kinds";
import { useFavourites } from "./use-favourites";

const STORAGE_KEY = "rapport.rail.favourites";

/** The favourites under the places of the rail; nothing while there are none. */
export function FavouriteRail({ isNarrow }: { isNarrow: boolean }) {
  const favourites = named(useFavourites() ?? []);
  if (favourites.length === 0) return null;
  return isNarrow ? <Folded favourites={favourites} /> : <Unfolded favourites={favourites} />;
}

interface ListProps {
  favourites: Named[];
}

function Unfolded({ favourites }: ListProps) {
  const { t } = useTranslation();
  const id = useId();
  const [isOpen, setOpen] = useState(() => localStorage.getItem(STORAGE_KEY) !== "closed");

  function toggle() {
    localStorage.setItem(STORAGE_KEY, isOpen ? "closed" : "open");
    setOpen(!isOpen);
  }

  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={toggle}
        className="mt-3 mb-0.5 flex h-5 shrink-0 items-center gap-1 rounded px-2 text-fg3 text-xs hover:text-fg"
      >
        {t("desk:favourites")}
        <ChevronDown
          aria-hidden="true"
          className={cn("size-3 transition-transform duration-100", !isOpen && "-rotate-90")}
        />
      </button>
      {isOpen && <Links id={id} favourites={favourites} />}
    </>
  );
}

/** In a narrow rail there is room for one icon, which opens them all. */
function Folded({ favourites }: ListProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <hr className="mx-1 my-2 border-line" />
      <Popover
        label={t("desk:favourites")}
        open={isOpen}
        onOpenChange={setOpen}
        className="w-64 p-1"
        trigger={
          <IconButton label={t("desk:favourites")} className="mx-auto">
            <Star />
          </IconButton>
        }
      >
        <Links favourites={favourites} onGo={() => setOpen(false)} />
      </Popover>
    </>
  );
}

function Links({ favourites, id, onGo }: ListProps & { id?: string; onGo?: () => void }) {
  const { t } = useTranslation();
  return (
    <ul id={id} aria-label={t("desk:favourites")} className="flex flex-col">
      {favourites.map(({ type, path, id: record, name }) => (
        <li key={record}>
          <Link
            to={path as string}
            title={name}
            onClick={onGo}
            activeOptions={{ includeSearch: false }}
            className="flex h-7 items-center gap-2 rounded-md px-2 text-fg2 hover:bg-hover hover:text-fg data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-fg"
          >
            <KindIcon type={type} />
            <span className="truncate">{name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
