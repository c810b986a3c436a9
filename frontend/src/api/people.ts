import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Page, Schemas, Whole } from "./types";

/** Someone who signs in. */
export type User = Whole<Schemas["UserView"]>;

/** A node of the organisation tree. */
export type Team = Whole<Schemas["TeamView"]>;

/** What a role allows; builtin ones can be read, not deleted. */
export type Role = Schemas["RoleView"];

/** What may be written of a role; its key never changes. */
export type RoleInput = Required<Schemas["UpdateRole"]>;

/** What an administrator may set of a user. */
export type UserInput = Required<Schemas["UpdateUser"]>;

/** Everything cached about people. */
export const peopleKeys = {
  users: ["people", "users"] as const,
  teams: ["people", "teams"] as const,
  roles: ["people", "roles"] as const,
};

const STALE = 60_000;

async function everyPage<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<Page<T>>(path, { limit: 200, cursor }, signal);
    all.push(...page.data);
    cursor = page.page?.has_more ? (page.page.next_cursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  return all;
}

/** Everyone who may sign in, or once could. */
export function usersQuery() {
  return queryOptions({
    queryKey: peopleKeys.users,
    queryFn: ({ signal }) => everyPage<User>("/users", signal),
    staleTime: STALE,
  });
}

/** The teams; `parent_id` makes them a tree. */
export function teamsQuery() {
  return queryOptions({
    queryKey: peopleKeys.teams,
    queryFn: ({ signal }) => api.get<{ data: Team[] }>("/teams", {}, signal),
    select: (answer) => answer.data,
    staleTime: STALE,
  });
}

/** The roles with what they allow. */
export function rolesQuery() {
  return queryOptions({
    queryKey: peopleKeys.roles,
    queryFn: ({ signal }) => api.get<{ data: Role[] }>("/roles", {}, signal),
    select: (answer) => answer.data,
    staleTime: STALE,
  });
}

export function createUser(
  input: Omit<UserInput, "is_active" | "password"> & Pick<Partial<UserInput>, "password">,
) {
  return api.post<User>("/users", input);
}

export function updateUser(id: string, version: number, changes: Schemas["UpdateUser"]) {
  return api.patch<User>(`/users/${id}`, changes, version);
}

/** Signs someone out everywhere. */
export function endUserSessions(id: string) {
  return api.delete(`/users/${id}/sessions`);
}

export function createTeam(input: Schemas["CreateTeam"]) {
  return api.post<Team>("/teams", input);
}

export function updateTeam(id: string, version: number, changes: Schemas["UpdateTeam"]) {
  return api.patch<Team>(`/teams/${id}`, changes, version);
}

export function deleteTeam(id: string, version: number) {
  return api.delete(`/teams/${id}`, { version });
}

export function createRole(input: Schemas["CreateRole"]) {
  return api.post<Role>("/roles", input);
}

export function updateRole(id: string, version: number, changes: Schemas["UpdateRole"]) {
  return api.patch<Role>(`/roles/${id}`, changes, version);
}

export function deleteRole(id: string, version: number) {
  return api.delete(`/roles/${id}`, { version });
}
