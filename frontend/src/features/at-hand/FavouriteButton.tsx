import { Star } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Singular } from "@/api/types";
import { cn } from "@/lib/cn";
import { useShortcuts } from "@/lib/shortcuts";
import { IconButton } from "@/ui/IconButton";
import { useFavouriteSwitch, useFavourites } from "./use-favourites";

interface FavouriteButtonProps {
  type: Singular;
  record: AnyRecord;
}

/** The star beside the name of a record, by a press or the key S; filled when it is a favourite. */
export function FavouriteButton({ type, record: { id, name } }: FavouriteButtonProps) {
  const { t } = useTranslation();
  const favourites = useFavourites();
  const change = useFavouriteSwitch();
  const isOn = favourites?.some(({ record }) => record.id === id) ?? false;
  const toggle = () => {
    if (favourites) void change({ type, id, name }, !isOn);
  };
  useShortcuts({ s: toggle });
  return (
    <IconButton
      size="sm"
      label={t("desk:favourite")}
      shortcut="s"
      aria-keyshortcuts="S"
      aria-pressed={isOn}
      disabled={!favourites}
      onClick={toggle}
      className={cn("phone:-my-2.5", isOn && "text-star hover:text-star")}
    >
      <Star className={cn(isOn && "fill-current")} />
    </IconButton>
  );
}
