import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allot } from "@/api/pools";
import { findUsers } from "@/api/search";
import type { Customer } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Combobox, type Option } from "@/ui/Combobox";
import { FormField } from "@/ui/FormField";
import { Question } from "@/ui/Question";
import { useMove } from "./use-move";

interface AllotDialogProps {
  customer: Customer;
  onClose: () => void;
}

/** Gives a customer of a pool to somebody, who may own no more than their pool allows. */
export function AllotDialog({ customer, onClose }: AllotDialogProps) {
  const { t } = useTranslation();
  const [owner, setOwner] = useState<Option | null>(null);
  const { isMoving, move, refusal, forget } = useMove(customer.id, onClose);
  function send() {
    if (!owner) return;
    const done = t("pool:allot.done", { name: customer.name, owner: owner.name });
    move(() => allot(customer.id, owner.id), done);
  }
  return (
    <Question
      title={t("pool:allot.title", { name: customer.name })}
      description={t("pool:allot.hint")}
      submitLabel={t("records:pool.allot")}
      isBusy={isMoving}
      isReady={owner !== null}
      onSubmit={send}
      onClose={onClose}
    >
      <FormField label={t("records:field.owner_id")} required error={refusal(owner?.name)}>
        {(control) => (
          <Combobox
            {...control}
            value={owner}
            onChange={(chosen) => {
              setOwner(chosen);
              forget();
            }}
            search={findUsers}
            renderIcon={(person) => <Avatar name={person.name} />}
          />
        )}
      </FormField>
    </Question>
  );
}
