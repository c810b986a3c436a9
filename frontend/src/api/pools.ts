import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Customer, Narrow, Schemas, Whole } from "./types";

/** After how many days each rule releases a customer; null is no such rule. */
export type Release = Whole<Schemas["PoolRelease"]>;

/** Where customers lie that nobody owns, and by what rules people's own go back there. */
export type Pool = Narrow<"CustomerPool", { release: Release }>;

/** What may be set of a pool; without a name the default one is called the same in the language of each reader. */
export type PoolInput = Omit<Whole<Schemas["CreateCustomerPool"]>, "release"> & {
  release: Release;
};

/** The pool that serves the user, and how much is left of what they may claim. */
export type MyPool = Whole<Schemas["MyPool"]>;

const myPoolsKey = ["configuration", "my-pools"] as const;

/** The pools. */
export function poolsQuery() {
  return queryOptions({
    queryKey: ["configuration", "pools"] as const,
    queryFn: ({ signal }) => api.get<{ data: Pool[] }>("/pools", {}, signal),
    select: (answer) => answer.data,
  });
}

/** The pools the user may claim from. */
export function myPoolsQuery() {
  return queryOptions({
    queryKey: myPoolsKey,
    queryFn: ({ signal }) => api.get<{ data: MyPool[] }>("/me/pools", {}, signal),
    select: (answer) => answer.data,
  });
}

export function createPool(input: PoolInput) {
  return api.post<Pool>("/pools", input);
}

export function updatePool(id: string, version: number, changes: Partial<PoolInput>) {
  return api.patch<Pool>(`/pools/${id}`, changes, version);
}

/** Deletes a pool; its customers go to the replacement. */
export function deletePool(id: string, version: number, replacement: string | undefined) {
  return api.delete(`/pools/${id}`, { version, query: { replacement } });
}

/** Makes a customer of a pool the user's own. */
export function claim(id: string) {
  return api.post<Customer>(`/customers/${id}/claim`);
}

/** Puts a customer into a pool: the named one, else the one that serves its owner. */
export function release(id: string, input: { reason: string; pool_id?: string }) {
  return api.post<Customer>(`/customers/${id}/release`, input);
}

/** Gives a customer of a pool to somebody. */
export function allot(id: string, owner: string) {
  return api.post<Customer>(`/customers/${id}/allot`, { owner_id: owner });
}

/** Keeps a customer with its owner until a time, whatever the rules say; null ends that. */
export function lock(id: string, until: string | null) {
  return api.post<Customer>(`/customers/${id}/lock`, { until });
}
