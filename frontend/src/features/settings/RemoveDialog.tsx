import type { QueryKey } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormField } from "@/ui/FormField";
import { Select, type SelectOption } from "@/ui/Select";
import { useRemoval } from "./use-removal";

interface RemoveDialogProps {
  name: string;
  /** What records that use it may get instead; nothing when it cannot be replaced. */
  replacements: SelectOption[];
  remove: (replacement: string | undefined) => Promise<unknown>;
  refresh: QueryKey;
  onClose: () => void;
  /** How many records use it, and where to see them. */
  usage?: ReactNode;
}

/** Removes a piece of configuration; records that use it take the replacement. */
export function RemoveDialog(props: RemoveDialogProps) {
  const { name, replacements, onClose } = props;
  const { t } = useTranslation();
  const [replacement, setReplacement] = useState<string | null>(null);
  const { problem, busy, remove } = useRemoval(props.refresh, onClose);
  const needsOne = problem?.code === "in_use" && replacements.length > 0;

  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={t("settings:removeTitle", { name })}
      description={t("settings:removeHint")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            variant="danger"
            busy={busy}
            onClick={() => void remove(() => props.remove(replacement ?? undefined))}
          >
            {t("settings:remove")}
          </Button>
        </>
      }
    >
      {problem && !needsOne && (
        <p role="alert" className="mb-3 text-danger">
          {problem.code === "in_use"
            ? t("settings:nothingReplaces")
            : (problem.detail ?? problem.title)}
        </p>
      )}
      {props.usage}
      {replacements.length > 0 && (
        <FormField
          label={t("settings:replacement")}
          hint={t("settings:replacementHint")}
          error={needsOne ? t("settings:replacementNeeded") : undefined}
        >
          {(control) => (
            <Select
              {...control}
              value={replacement}
              onChange={setReplacement}
              emptyLabel={t("settings:noReplacement")}
              options={replacements}
            />
          )}
        </FormField>
      )}
    </Dialog>
  );
}
