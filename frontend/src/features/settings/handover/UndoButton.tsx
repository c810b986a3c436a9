import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Handover } from "@/api/handover";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { takeBack, undoRefusal } from "./take-back";

interface UndoButtonProps {
  handover: Handover;
  onUndone: (handover: Handover) => void;
}

/** Takes a handover back, after a question that says what that means. */
export function UndoButton({ handover, onUndone }: UndoButtonProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const undo = useMutation({
    mutationFn: () => takeBack(client, handover),
    onSuccess: (undone) => {
      setAsking(false);
      onUndone(undone);
    },
  });
  if (!handover.can_undo) return null;
  const name = handover.user?.name ?? "";
  return (
    <>
      <Button
        className="mr-auto"
        icon={<Undo2 className="size-4" />}
        onClick={() => {
          undo.reset();
          setAsking(true);
        }}
      >
        {t("handover:undo.button")}
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("handover:undo.title")}
        confirmLabel={t("handover:undo.confirm")}
        busy={undo.isPending}
        onConfirm={() => undo.mutate()}
      >
        <p>{t("handover:undo.hint", { name })}</p>
        {handover.switched_off && <p className="mt-1">{t("handover:undo.on", { name })}</p>}
        {undo.error && (
          <p role="alert" className="mt-2 text-danger">
            {undoRefusal(t, asProblem(undo.error))}
          </p>
        )}
      </ConfirmDialog>
    </>
  );
}
