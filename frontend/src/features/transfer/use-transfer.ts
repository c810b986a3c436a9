import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { activitiesKey } from "@/api/activities";
import { type Cascade, transferCustomer } from "@/api/handover";
import { asProblem, type Problem } from "@/api/problem";
import { putRecord } from "@/api/record-cache";
import { recordKeys } from "@/api/records";
import type { Customer, Ref } from "@/api/types";
import { toast } from "@/ui/Toast";
import { outcomeWords } from "./outcome";
import { rememberCascade } from "./remembered";

interface Transfer {
  owner: Ref;
  cascade: Cascade;
}

/** Gives a customer to somebody and says what went along; what is refused stays to be told at its place. */
export function useTransfer(customer: Customer, onDone: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const transfer = useMutation({
    mutationFn: async ({ owner, cascade }: Transfer) => {
      const moved = await transferCustomer(customer.id, owner.id, cascade);
      rememberCascade(cascade);
      putRecord(client, "customers", moved.customer);
      const description = outcomeWords(t, moved.cascade);
      toast(t("handover:transfer.done", { name: customer.name, owner: owner.name }), {
        ...(description !== "" && { description }),
      });
      onDone();
    },
    onSettled: () =>
      Promise.all(
        [recordKeys.every, activitiesKey, ["search"], ["configuration", "my-pools"]].map(
          (queryKey) => client.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const problem = transfer.error ? asProblem(transfer.error) : null;
  return { isMoving: transfer.isPending, move: transfer.mutate, forget: transfer.reset, problem };
}

/** The place of a refusal: at the new owner, at a kind that goes along, else above. */
export function placesOf(problem: Problem | null): Record<string, string | undefined> {
  if (!problem) return {};
  const { code, body } = problem;
  const errors = problem.fieldErrors();
  if (code === "claim_refused" && typeof body.limit === "number") return { cap: `${body.limit}` };
  if (Object.keys(errors).length > 0) return errors;
  return { above: problem.detail ?? problem.title };
}
