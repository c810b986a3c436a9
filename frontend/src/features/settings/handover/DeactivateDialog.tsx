import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { COUNTED, type HandoverCounts, type Holdings, holdingsQuery } from "@/api/handover";
import { peopleKeys, type User, updateUser } from "@/api/people";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Skeleton } from "@/ui/Skeleton";
import { countsWords } from "./counts";

interface DeactivateDialogProps {
  user: User;
  /** What they have is handed over first. */
  onHandOver: () => void;
  onClose: () => void;
}

function countsOf(holdings: Holdings): HandoverCounts {
  return Object.fromEntries(COUNTED.map((kind) => [kind, holdings[kind]])) as HandoverCounts;
}

/** Asks before somebody is switched off; who still has something is better handed over. */
export function DeactivateDialog({ user, onHandOver, onClose }: DeactivateDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const holdings = useQuery(holdingsQuery(user.id));
  const held = holdings.data?.is_any_open === true ? holdings.data : null;
  const deactivate = useMutation({
    mutationFn: () => updateUser(user.id, user.version, { is_active: false }),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
  const problem = deactivate.error ? asProblem(deactivate.error) : null;
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("settings:people.deactivateTitle", { name: user.name })}
      confirmLabel={t(held ? "handover:off.anyway" : "settings:people.deactivate")}
      danger
      busy={holdings.isPending || deactivate.isPending}
      onConfirm={() => deactivate.mutate()}
    >
      <p>{t("settings:people.deactivateHint")}</p>
      {holdings.isPending && (
        <div role="status" aria-busy="true" aria-label={t("settings:loading")} className="mt-3">
          <Skeleton className="h-4 w-2/3" />
        </div>
      )}
      {held && (
        <div className="mt-3 rounded-md bg-hover p-3">
          <p className="text-fg">
            {t("handover:off.has", { name: user.name, what: countsWords(t, countsOf(held)) })}
          </p>
          <Button variant="primary" className="mt-2" onClick={onHandOver}>
            {t("handover:off.handOver")}
          </Button>
        </div>
      )}
      {problem && (
        <p role="alert" className="mt-2 text-danger">
          {problem.detail ?? problem.title}
        </p>
      )}
    </ConfirmDialog>
  );
}
