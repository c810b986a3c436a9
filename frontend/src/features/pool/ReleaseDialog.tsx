import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { poolsQuery, release } from "@/api/pools";
import type { Customer } from "@/api/types";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Question } from "@/ui/Question";
import { Select } from "@/ui/Select";
import { Textarea } from "@/ui/Textarea";
import { useMove } from "./use-move";

const USUAL = ["unreachable", "noNeed", "competitor", "notOurs"] as const;

interface ReleaseDialogProps {
  customer: Customer;
  onClose: () => void;
}

/** Puts a customer into a pool, with the reason that the next owner will want to know. */
export function ReleaseDialog({ customer, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [pool, setPool] = useState<string | null>(null);
  const pools = useQuery({ ...poolsQuery(), retry: false }).data ?? [];
  const offered = pools.filter(({ is_active }) => is_active);
  const { isMoving, move, refusal } = useMove(customer.id, onClose);
  const send = () =>
    release(customer.id, { reason: reason.trim(), ...(pool !== null && { pool_id: pool }) });
  return (
    <Question
      title={t("pool:release.title", { name: customer.name })}
      description={t("pool:release.hint")}
      submitLabel={t("records:pool.release")}
      isBusy={isMoving}
      isReady={reason.trim() !== ""}
      onSubmit={() => move(send, t("pool:release.done", { name: customer.name }))}
      onClose={onClose}
    >
      <FormField label={t("pool:release.reason")} required error={refusal()}>
        {(control) => (
          <Textarea
            {...control}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </FormField>
      <ul aria-label={t("pool:release.usual")} className="-mt-1 flex flex-wrap gap-1.5">
        {USUAL.map((key) => (
          <li key={key}>
            <Button size="sm" onClick={() => setReason(t(`pool:reason.${key}`))}>
              {t(`pool:reason.${key}`)}
            </Button>
          </li>
        ))}
      </ul>
      {offered.length > 1 && (
        <FormField label={t("pool:release.into")}>
          {(control) => (
            <Select
              {...control}
              value={pool}
              onChange={setPool}
              emptyLabel={t("pool:release.usualPool")}
              options={offered.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
        </FormField>
      )}
    </Question>
  );
}
