import type { QueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { meQuery } from "@/api/me";
import { claim, myPoolsQuery } from "@/api/pools";
import { asProblem, Problem } from "@/api/problem";
import { putRecord } from "@/api/record-cache";
import { recordKeys } from "@/api/records";
import type { Customer } from "@/api/types";
import { refreshAround } from "@/features/records/use-record-update";
import { loadTexts } from "@/lib/i18n";
import { toast } from "@/ui/Toast";
import { refusalWords } from "./refusal";

/** A customer that went out of the user's sight is no longer shown as it was. */
async function forgetUnseen(client: QueryClient, id: string): Promise<void> {
  const queryKey = recordKeys.one("customers", id);
  const error = client.getQueryState(queryKey)?.error;
  if (error instanceof Problem && error.status === 404) await client.resetQueries({ queryKey });
}

/** Reads again what a move of a customer touched: contacts and opportunities may have followed it. */
export async function refreshMoved(client: QueryClient, id: string): Promise<void> {
  await Promise.all([
    ...(["customers", "contacts", "opportunities"] as const).map((type) =>
      client.invalidateQueries({ queryKey: recordKeys.all(type) }),
    ),
    client.invalidateQueries({ queryKey: myPoolsQuery().queryKey }),
    refreshAround(client, "customers"),
  ]);
  await forgetUnseen(client, id);
}

/** The claims under way: a second press of the same button asks for nothing new. */
const underWay = new Set<string>();

/** Makes a customer the user's own, or says who was faster or which limit stands against it. */
export async function claimCustomer(
  client: QueryClient,
  customer: Customer,
  t: TFunction,
): Promise<void> {
  const { id, name } = customer;
  if (underWay.has(id)) return;
  underWay.add(id);
  try {
    await loadTexts("pool");
    const claimed = await claim(id);
    putRecord(client, "customers", claimed);
    toast(t("pool:claimed", { name }));
  } catch (error) {
    const me = client.getQueryData(meQuery().queryKey)?.id;
    const description = refusalWords(asProblem(error), t, { me });
    toast(t("pool:notClaimed", { name }), { tone: "error", description });
  } finally {
    underWay.delete(id);
  }
  // Also after a refusal: the row must show who has it now.
  await refreshMoved(client, id);
}
