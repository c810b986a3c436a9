import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { signOut } from "@/api/me";

/** Ends the session and forgets everything that was read in it. */
export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    // Whatever the server says, this browser no longer shows the data.
    await signOut().catch(() => undefined);
    await navigate({ to: "/sign-in" });
    client.clear();
  }, [client, navigate]);
}
