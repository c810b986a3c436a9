import { type FormEvent, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface QuestionProps {
  title: string;
  description: string;
  submitLabel: string;
  isBusy: boolean;
  /** Whether what must be known is there. */
  isReady: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** A further way out, at the left of the foot. */
  further?: ReactNode;
  children: ReactNode;
}

/** A small form that asks what must be known before something is done. */
export function Question(props: QuestionProps) {
  const { t } = useTranslation();
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    // A dialog is inside the page for React, so the submit would reach forms further up.
    event.stopPropagation();
    if (props.isReady && !props.isBusy) props.onSubmit();
  }
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      size="sm"
      title={props.title}
      description={props.description}
      footer={
        <>
          {props.further}
          <Button onClick={props.onClose}>{t("common:cancel")}</Button>
          <Button
            type="submit"
            form={id}
            variant="primary"
            busy={props.isBusy}
            disabled={!props.isReady}
          >
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={submit} className="flex flex-col gap-3">
        {props.children}
      </form>
    </Dialog>
  );
}
