import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { ErrorState } from "@/ui/ErrorState";

/** A page that could not be drawn. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const problem = asProblem(error);
  const isNetwork = problem.code === "network";
  return (
    <ErrorState
      title={isNetwork ? t("common:noNetwork") : problem.title}
      detail={isNetwork ? undefined : problem.detail}
      requestId={problem.requestId}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
