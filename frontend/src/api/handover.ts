import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Customer, Narrow, Ref, Schemas, Whole } from "./types";

/** What goes along with a customer that is given to somebody. */
export const COMPANIONS = ["contacts", "opportunities", "tasks"] as const;

export type Companion = (typeof COMPANIONS)[number];

/** Which of a kind go along: none, those of whoever had the customer, or all. */
export type Along = Schemas["Along"];

export type Cascade = Record<Companion, Along>;

/** How many could go along. */
export type CompanionsPreview = Schemas["CompanionsPreview"];

/** What went along, and what was left and why. */
export type CascadeResult = Schemas["CascadeView"];

/** How many records would follow a customer to somebody; before it is known to whom, how many there are. */
export function transferPreviewQuery(customer: string, owner: string | null) {
  return queryOptions({
    queryKey: ["records", "customers", "transfer", customer, owner] as const,
    queryFn: ({ signal }) =>
      api.get<CompanionsPreview>(
        `/customers/${customer}/transfer/preview`,
        owner === null ? {} : { owner_id: owner },
        signal,
      ),
    staleTime: 0,
  });
}

/** Gives a customer to somebody, with what is to go along. */
export async function transferCustomer(
  id: string,
  owner: string,
  cascade: Cascade,
): Promise<{ customer: Customer; cascade: CascadeResult }> {
  const { cascade: moved, ...customer } = await api.post<Customer & { cascade: CascadeResult }>(
    `/customers/${id}/transfer`,
    { owner_id: owner, cascade },
  );
  return { customer: customer as Customer, cascade: moved };
}

/** The kinds of records that people have and that must not be left behind. */
export const HELD_KINDS = ["customers", "contacts", "leads", "opportunities", "tasks"] as const;

export type HeldKind = (typeof HELD_KINDS)[number];

/** Everything that is counted of a handover. */
export const COUNTED = [...HELD_KINDS, "assignment_rules", "reports"] as const;

/** What somebody has, and what else names them. */
export type Holdings = Whole<Schemas["UserHoldings"]>;

export type HandoverCounts = Schemas["HandoverCounts"];

/** Who has got how much: a person, a pool, or neither. */
export type Share = { user: Ref | null; pool: Ref | null; counts: HandoverCounts };

export type Handover = Narrow<"Handover", { shares: Share[]; returned: HandoverCounts | null }>;

export type HandoverInput = Partial<Schemas["CreateHandover"]>;

/** Who goes beyond what a pool lets one person own. */
export interface OverCap {
  user: Ref;
  limit: number;
  owned: number;
  given: number;
}

/** Everything cached about handovers. */
export const handoverKey = ["handovers"] as const;

/** What somebody has at this moment. */
export function holdingsQuery(user: string) {
  return queryOptions({
    queryKey: [...handoverKey, "holdings", user] as const,
    queryFn: ({ signal }) => api.get<Holdings>(`/users/${user}/holdings`, {}, signal),
    staleTime: 0,
  });
}

/** The handovers of somebody, the newest first. */
export function handoversQuery(user: string) {
  return queryOptions({
    queryKey: [...handoverKey, "of", user] as const,
    queryFn: ({ signal }) => api.get<{ data: Handover[] }>(`/users/${user}/handovers`, {}, signal),
    select: (answer) => answer.data,
    staleTime: 0,
  });
}

/** Hands over what somebody has, all or nothing. */
export function createHandover(user: string, input: HandoverInput) {
  return api.post<Handover>(`/users/${user}/handovers`, input);
}

/** Gives back what is still with whoever got it. */
export function undoHandover(id: string) {
  return api.post<Handover>(`/handovers/${id}/undo`);
}
