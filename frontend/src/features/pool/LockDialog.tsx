import { useState } from "react";
import { useTranslation } from "react-i18next";
import { lock } from "@/api/pools";
import type { Customer } from "@/api/types";
import { addDays, toDate, today, toInstant, useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { DateField } from "@/ui/DateField";
import { FormField } from "@/ui/FormField";
import { Question } from "@/ui/Question";
import { isLocked } from "./reading";
import { useMove } from "./use-move";

const USUAL_DAYS = 90;

interface LockDialogProps {
  customer: Customer;
  onClose: () => void;
}

/** Keeps a customer with its owner until a day, whatever the rules of its pool say. */
export function LockDialog({ customer, onClose }: LockDialogProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { id, name, locked_until } = customer;
  const isKept = locked_until !== null && isLocked(customer);
  const [day, setDay] = useState<string | null>(
    isKept ? toDate(locked_until) : addDays(today(), USUAL_DAYS),
  );
  const { isMoving, move, refusal } = useMove(id, onClose);
  const isReady = day !== null && day >= today();
  function keep() {
    if (day === null) return;
    // To the end of that day, and not into the next one, which would be shown as the last.
    move(() => lock(id, toInstant(day, "23:59")), t("pool:lock.done", { name, date: date(day) }));
  }
  return (
    <Question
      title={t("pool:lock.title", { name })}
      description={t("pool:lock.hint")}
      submitLabel={t("pool:lock.keep")}
      isBusy={isMoving}
      isReady={isReady}
      onSubmit={keep}
      onClose={onClose}
      further={
        isKept && (
          <Button
            className="mr-auto"
            onClick={() => move(() => lock(id, null), t("pool:lock.ended", { name }))}
          >
            {t("pool:lock.end")}
          </Button>
        )
      }
    >
      <FormField
        label={t("pool:lock.until")}
        required
        error={refusal() ?? (day !== null && !isReady ? t("pool:lock.past") : undefined)}
      >
        {(control) => <DateField {...control} value={day} onChange={setDay} />}
      </FormField>
    </Question>
  );
}
