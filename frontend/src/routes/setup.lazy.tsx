import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Setup } from "@/features/auth/Setup";

/** The first-run page. */
export default function SetupRoute() {
  const { token = "" } = useSearch({ strict: false }) as { token?: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <Setup
      token={token}
      onDone={() => {
        client.clear();
        void navigate({ to: "/", search: {} as never, replace: true });
      }}
    />
  );
}
