import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { addFavourite, type Favourite, favouritesQuery, removeFavourite } from "@/api/at-hand";
import { asProblem } from "@/api/problem";
import type { About } from "@/api/types";
import { toastProblem } from "@/features/records/use-delete";
import { toast } from "@/ui/Toast";

/** The user's favourites, the oldest first; undefined until they are known. */
export function useFavourites(): Favourite[] | undefined {
  return useQuery(favouritesQuery()).data?.data;
}

/** Makes a record a favourite or none: shown at once, and shown as it was when that is refused. */
export function useFavouriteSwitch() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { queryKey } = favouritesQuery();

  function show(record: About, isOn: boolean) {
    client.setQueryData(queryKey, (list) => {
      const others = (list?.data ?? []).filter(({ record: { id } }) => id !== record.id);
      const created_at = new Date().toISOString();
      return { data: isOn ? [...others, { record, created_at }] : others };
    });
  }

  function tell(error: unknown) {
    const problem = asProblem(error);
    if (problem.code !== "limit_reached") return toastProblem(problem);
    toast(t("desk:fullOfFavourites"), { tone: "error", description: t("desk:removeSome") });
  }

  return async (record: About, isOn: boolean): Promise<void> => {
    await client.cancelQueries({ queryKey });
    const before = client.getQueryData(queryKey);
    show(record, isOn);
    try {
      await (isOn ? addFavourite : removeFavourite)(record.type, record.id);
    } catch (error) {
      client.setQueryData(queryKey, before);
      tell(error);
      await client.invalidateQueries({ queryKey });
    }
  };
}
