import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Me, Permission, Schemas } from "./types";

/** The signed-in user; a 401 Problem when there is none. */
export function meQuery() {
  return queryOptions({
    queryKey: ["me"] as const,
    queryFn: ({ signal }) => api.get<Me>("/me", {}, signal),
    staleTime: 5 * 60_000,
  });
}

/** Where the user is signed in. */
export function sessionsQuery() {
  return queryOptions({
    queryKey: ["me", "sessions"] as const,
    queryFn: ({ signal }) => api.get<Schemas["SessionList"]>("/me/sessions", {}, signal),
    select: (answer) => answer.data,
  });
}

/** Signs in with cookies. */
export function signIn(email: string, password: string, remember: boolean) {
  return api.post<Schemas["LoginView"]>("/auth/login", { email, password, remember });
}

/** Ends this session. */
export function signOut() {
  return api.post("/auth/logout");
}

/** Changes the user's own settings. */
export function updateMe(changes: Schemas["UpdateMe"], version: number) {
  return api.patch<Me>("/me", changes, version);
}

/** Ends one session of the user, or all others. */
export function endSession(id?: string) {
  return api.delete(id === undefined ? "/me/sessions" : `/me/sessions/${id}`);
}

/** Whether the installation still waits for its first administrator. */
export function setupQuery() {
  return queryOptions({
    queryKey: ["setup"] as const,
    queryFn: ({ signal }) => api.get<Schemas["SetupState"]>("/setup", {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What the first-run page sends. */
export type SetupRequest = Schemas["Setup"];

/** Makes the first administrator and signs them in. */
export function setUp(request: SetupRequest) {
  return api.post("/setup", request);
}

/** Whether a permission is granted at all; which records it covers is the server's to say. */
export function isGranted(permissions: Permission[], type: string, action: string): boolean {
  return permissions.some(
    (grant) => grant.type === type && grant.action === action && grant.scope !== "none",
  );
}
