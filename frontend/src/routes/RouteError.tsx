import { useRouter } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { ErrorState } from "@/ui/ErrorState";

/** A page that could not be drawn. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  return (
    <ErrorState
      problem={asProblem(error)}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
