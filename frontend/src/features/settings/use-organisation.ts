import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { organisationQuery, updateOrganisation } from "@/api/configure";
import { asProblem } from "@/api/problem";
import type { Organisation } from "@/api/types";
import { toast } from "@/ui/Toast";

/** Changes what the organisation has set; what is refused stands at its fields, else in a message. */
export function useOrganisationUpdate(of: Organisation) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const update = useMutation({
    mutationFn: (changes: Parameters<typeof updateOrganisation>[1]) =>
      updateOrganisation(of.version, changes),
    onSuccess: () => toast(t("settings:saved")),
    onError: (error) => {
      const problem = asProblem(error);
      if (Object.keys(problem.fieldErrors()).length === 0) toast(problem.title, { tone: "error" });
    },
    // Every page knows the organisation from who is signed in.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: organisationQuery().queryKey }),
        client.invalidateQueries({ queryKey: ["me"] }),
      ]),
  });
  return { update, errors: update.error ? asProblem(update.error).fieldErrors() : {} };
}
