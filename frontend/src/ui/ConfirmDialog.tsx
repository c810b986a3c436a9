import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children?: ReactNode;
  /** The verb of what will happen, never just "OK". */
  confirmLabel: string;
  onConfirm: () => void;
  /** What the other button says, when going on has a better name than "Cancel". */
  cancelLabel?: string;
  danger?: boolean;
  busy?: boolean;
}

/** Asks before something that cannot be taken back by an undo. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <AlertDialog.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-50 bg-black/30 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <AlertDialog.Popup className="fixed top-[28vh] left-1/2 z-50 w-[calc(100vw-3rem)] max-w-sm -translate-x-1/2 rounded-xl bg-raised p-5 text-fg shadow-float outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0">
          <AlertDialog.Title className="font-semibold text-base">{props.title}</AlertDialog.Title>
          {props.children && (
            <AlertDialog.Description render={<div />} className="mt-1 text-fg2">
              {props.children}
            </AlertDialog.Description>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close render={<Button />}>
              {props.cancelLabel ?? t("common:cancel")}
            </AlertDialog.Close>
            <Button
              variant={props.danger ? "danger" : "primary"}
              busy={props.busy ?? false}
              onClick={props.onConfirm}
            >
              {props.confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
