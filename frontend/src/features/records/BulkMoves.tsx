import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Can } from "@/api/types";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Popover } from "@/ui/Popover";
import { Textarea } from "@/ui/Textarea";
import type { BulkChange } from "./bulk";

interface BulkMovesProps {
  may: (right: keyof Can) => boolean;
  onChange: (change: BulkChange) => void;
}

/** Makes many customers of a pool one's own, or puts many into theirs. */
export function BulkMoves({ may, onChange }: BulkMovesProps) {
  const { t } = useTranslation();
  return (
    <>
      {may("claim") && (
        <Button variant="ghost" onClick={() => onChange({ kind: "move", action: "claim" })}>
          {t("records:pool.claim")}
        </Button>
      )}
      {may("release") && (
        <BulkRelease
          onRelease={(reason) => onChange({ kind: "move", action: "release", data: { reason } })}
        />
      )}
    </>
  );
}

function BulkRelease({ onRelease }: { onRelease: (reason: string) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  return (
    <Popover
      label={t("records:pool.release")}
      className="flex w-72 flex-col gap-3 p-3"
      trigger={<Button variant="ghost">{t("records:pool.release")}</Button>}
    >
      <FormField label={t("records:field.pool_reason")} required>
        {(control) => (
          <Textarea
            {...control}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </FormField>
      <Button
        variant="primary"
        className="self-end"
        disabled={reason.trim() === ""}
        onClick={() => onRelease(reason.trim())}
      >
        {t("records:pool.release")}
      </Button>
    </Popover>
  );
}
