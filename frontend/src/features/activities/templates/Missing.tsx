import { useTranslation } from "react-i18next";
import type { Place } from "@/api/activity-templates";
import { placeKey } from "./filled";

/** Says for which places of a template there was nothing. */
export function Missing({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  const words = places.map((place) => t(`templates:place.${placeKey(place)}`));
  return (
    <p role="status" className="text-fg3 text-xs">
      {t("templates:missing", { places: words.join(t("records:listSeparator")) })}
    </p>
  );
}
