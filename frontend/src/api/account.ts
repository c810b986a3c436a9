import { api } from "./client";

/** Changes the user's own password; other sessions end. */
export function changePassword(current: string, next: string) {
  return api.post("/auth/password", { current_password: current, new_password: next });
}
