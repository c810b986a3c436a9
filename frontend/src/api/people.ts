import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Names, Page, Permission, Ref } from "./types";

/** A role as a user has it. */
export interface RoleRef {
  id: string;
  key: string;
  name: string;
}

/** Someone who signs in. */
export interface User {
  id: string;
  name: string;
  email: string;
  language: "zh-CN" | "en";
  time_zone: string;
  team_id: string | null;
  team: Ref | null;
  manager_id: string | null;
  manager: Ref | null;
  roles: RoleRef[];
  is_active: boolean;
  last_sign_in_at: string | null;
  version: number;
  created_at: string;
}

/** A node of the organisation tree. */
export interface Team {
  id: string;
  name: string;
  parent_id: string | null;
  version: number;
}

/** What a role allows; builtin ones can be read, not deleted. */
export interface Role {
  id: string;
  key: string;
  name: string;
  names: Names;
  description: string;
  is_builtin: boolean;
  grants: Permission[];
  version: number;
}

/** Everything cached about people. */
export const peopleKeys = {
  users: ["people", "users"] as const,
  teams: ["people", "teams"] as const,
  roles: ["people", "roles"] as const,
};

const STALE = 60_000;

/** What may be written of a role; its key never changes. */
export type RoleInput = Pick<Role, "names" | "description" | "grants">;

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

/** What an administrator may set of a user. */
export interface UserInput {
  name: string;
  email: string;
  language: "zh-CN" | "en";
  time_zone: string;
  team_id: string | null;
  manager_id: string | null;
  role_ids: string[];
  is_active: boolean;
  password: string;
}

export function createUser(input: Partial<UserInput>) {
  return api.post<User>("/users", input);
}

export function updateUser(id: string, version: number, changes: Partial<UserInput>) {
  return api.patch<User>(`/users/${id}`, changes, version);
}

/** Signs someone out everywhere. */
export function endUserSessions(id: string) {
  return api.delete(`/users/${id}/sessions`);
}

export function createTeam(input: Pick<Team, "name" | "parent_id">) {
  return api.post<Team>("/teams", input);
}

export function updateTeam(
  id: string,
  version: number,
  changes: Partial<Pick<Team, "name" | "parent_id">>,
) {
  return api.patch<Team>(`/teams/${id}`, changes, version);
}

export function deleteTeam(id: string, version: number) {
  return api.delete(`/teams/${id}`, { version });
}

export function createRole(input: RoleInput & Pick<Role, "key">) {
  return api.post<Role>("/roles", input);
}

export function updateRole(id: string, version: number, changes: Partial<RoleInput>) {
  return api.patch<Role>(`/roles/${id}`, changes, version);
}

export function deleteRole(id: string, version: number) {
  return api.delete(`/roles/${id}`, { version });
}
