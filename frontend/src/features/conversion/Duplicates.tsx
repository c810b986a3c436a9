import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Candidate, ConversionCandidates, ConvertedKind } from "@/api/conversion";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Candidates } from "./Candidates";
import { KINDS } from "./plan";

interface DuplicatesProps {
  candidates: ConversionCandidates;
  busy: boolean;
  onLink: (kind: ConvertedKind, candidate: Candidate) => void;
  onForce: (reason: string) => void;
}

/** The records seem to be here already: link one of them, or say why there should be another. */
export function Duplicates({ candidates, busy, onLink, onForce }: DuplicatesProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [isChecked, setChecked] = useState(false);
  const lists = {
    customer: candidates.customers,
    contact: candidates.contacts,
    opportunity: candidates.opportunities,
  };
  function force() {
    setChecked(true);
    if (reason.trim() !== "") onForce(reason.trim());
  }
  return (
    <section
      role="alert"
      aria-label={t("conversion:duplicates")}
      className="mb-3 rounded-xl border border-line-strong p-3.5"
    >
      <h3 className="font-medium">{t("conversion:duplicates")}</h3>
      <p className="mb-2 text-fg2">{t("conversion:duplicatesHint")}</p>
      <div className="grid grid-cols-3 gap-3 phone:grid-cols-1">
        {KINDS.map((kind) => (
          <Candidates
            key={kind}
            kind={kind}
            candidates={lists[kind]}
            chosen={null}
            onChoose={(candidate) => onLink(kind, candidate)}
          />
        ))}
      </div>
      {candidates.hidden > 0 && (
        <p className="mt-2 text-fg2">{t("conversion:hidden", { count: candidates.hidden })}</p>
      )}
      <div className="mt-3 flex items-end gap-2 phone:flex-col phone:items-stretch">
        <FormField
          className="flex-1"
          label={t("conversion:duplicateReason")}
          required
          error={isChecked && reason.trim() === "" ? t("conversion:needsReason") : undefined}
        >
          {(control) => (
            <Input
              {...control}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </FormField>
        <Button busy={busy} onClick={force}>
          {t("conversion:force")}
        </Button>
      </div>
    </section>
  );
}
