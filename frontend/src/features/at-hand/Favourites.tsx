import { Link } from "@tanstack/react-router";
import { StarOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { About } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { KindIcon } from "./KindIcon";
import { pathOf } from "./kinds";
import { useFavouriteSwitch, useFavourites } from "./use-favourites";
import { Waiting } from "./Waiting";

/** All favourites, also those the user may no longer see, to go to and to take away. */
export function Favourites() {
  const { t } = useTranslation();
  const favourites = useFavourites();
  if (!favourites) return <Waiting />;
  if (favourites.length === 0) return <p className="py-2 text-fg3">{t("desk:noFavourites")}</p>;
  return (
    <ul className="-mx-2 max-h-72 overflow-y-auto">
      {favourites.map(({ record }) => (
        <li key={record.id} className="group flex items-center rounded-md hover:bg-hover">
          <Entry record={record} />
        </li>
      ))}
    </ul>
  );
}

function Entry({ record }: { record: About }) {
  const { t } = useTranslation();
  const change = useFavouriteSwitch();
  const name = record.name ?? t("desk:unseen");
  return (
    <>
      {record.name === null ? (
        <span className="flex h-9 min-w-0 flex-1 items-center gap-2.5 px-2 text-fg3 phone:h-12">
          <KindIcon type={record.type} />
          <span className="truncate">{name}</span>
        </span>
      ) : (
        <Link
          to={pathOf(record) as string}
          className="flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 phone:h-12"
        >
          <KindIcon type={record.type} />
          <span className="truncate">{name}</span>
        </Link>
      )}
      <IconButton
        size="sm"
        label={t("desk:removeFavourite", { name })}
        onClick={() => void change(record, false)}
        className="mr-1 md:opacity-0 md:focus-visible:opacity-100 md:group-hover:opacity-100"
      >
        <StarOff />
      </IconButton>
    </>
  );
}
