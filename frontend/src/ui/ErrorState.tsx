import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface ErrorStateProps {
  /** A `Problem`, or what is said in its place. */
  problem: { title: string; detail?: string | undefined; requestId?: string | undefined };
  onRetry?: (() => void) | undefined;
}

/** Something failed: what, a way to try again, and the id to quote when asking for help. */
export function ErrorState({ problem, onRetry }: ErrorStateProps) {
  const { t } = useTranslation();
  const { title, detail, requestId } = problem;
  return (
    <div
      role="alert"
      className="flex flex-col items-center justify-center gap-1 px-6 py-16 text-center"
    >
      <CircleAlert className="mb-2 size-6 text-danger" aria-hidden="true" />
      <p className="font-medium">{title}</p>
      {detail && <p className="max-w-96 text-fg2">{detail}</p>}
      {requestId && (
        <p className="select-all text-fg3 text-xs">{t("common:requestId", { id: requestId })}</p>
      )}
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          {t("common:retry")}
        </Button>
      )}
    </div>
  );
}
