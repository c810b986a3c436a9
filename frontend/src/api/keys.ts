import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas, Whole } from "./types";

/** What a program signs in with; the key itself is shown once, when it is made. */
export type ApiKey = Whole<Schemas["ApiKeyView"]>;

/** What a key may read or write. */
export type ApiKeyScope = Schemas["ApiKeyScope"];

/** Everything cached about keys. */
export const apiKeysKey = ["api-keys"] as const;

/** My keys, or those of everybody. */
export function apiKeysQuery(all: boolean) {
  return queryOptions({
    queryKey: [...apiKeysKey, all] as const,
    queryFn: ({ signal }) =>
      api.get<{ data: ApiKey[] }>("/api-keys", { all: all ? true : undefined }, signal),
    select: (answer) => answer.data,
  });
}

/** Makes a key; the answer is the only one that holds it. */
export function createApiKey(input: Schemas["CreateApiKey"]) {
  return api.post<Schemas["NewApiKeyView"]>("/api-keys", input);
}

/** Ends a key at once. */
export function revokeApiKey(id: string) {
  return api.delete(`/api-keys/${id}`);
}
