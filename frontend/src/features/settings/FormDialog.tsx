import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

/** What the fields of a FormDialog work with. */
export interface Form<Values> {
  values: Values;
  set: (changes: Partial<Values>) => void;
  /** The server's complaint about a field. */
  error: (name: string) => string | undefined;
}

interface FormDialogProps<Values> {
  title: string;
  description?: ReactNode;
  initial: Values;
  submitLabel: string;
  size?: "sm" | "md" | "lg";
  /** Sends the values; what it read or made is read again afterwards. */
  save: (values: Values) => Promise<unknown>;
  refresh: QueryKey;
  onClose: () => void;
  children: (form: Form<Values>) => ReactNode;
}

/** What is said above the fields: nothing when each complaint stands at its own. */
function complaintOf(problem: Problem, hasField: (name: string) => boolean): string | null {
  const { errors } = problem;
  const isPlaced = errors.every(({ pointer }) => hasField(pointer?.split("/")[1] ?? ""));
  if (errors.length > 0 && isPlaced) return null;
  return errors[0]?.detail ?? problem.detail ?? problem.title;
}

/** A small form over the page; what the server refuses stands at its fields. */
export function FormDialog<Values extends object>(props: FormDialogProps<Values>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = useId();
  const [values, setValues] = useState(props.initial);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const errors = problem?.fieldErrors() ?? {};
  const complaint = problem && complaintOf(problem, (name) => name in values);

  async function submit(event: FormEvent) {
    event.preventDefault();
    // A dialog is inside the page for React, so the submit would reach forms further up.
    event.stopPropagation();
    setBusy(true);
    try {
      await props.save(values);
      await client.invalidateQueries({ queryKey: props.refresh });
      props.onClose();
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      // Someone was faster: what is listed behind the form must be read again.
      if (refused.status === 412) void client.invalidateQueries({ queryKey: props.refresh });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      keepOnOutsidePress
      onOpenChange={props.onClose}
      title={props.title}
      description={props.description}
      size={props.size ?? "md"}
      footer={
        <>
          <Button onClick={props.onClose}>{t("common:cancel")}</Button>
          <Button type="submit" form={id} variant="primary" busy={busy}>
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={(event) => void submit(event)}>
        {complaint && (
          <p role="alert" className="mb-3 text-danger">
            {problem?.status === 412 ? t("settings:changedMeanwhile") : complaint}
          </p>
        )}
        <div className="grid grid-cols-2 gap-x-3 gap-y-4 phone:grid-cols-1">
          {props.children({
            values,
            set: (changes) => setValues((old) => ({ ...old, ...changes })),
            error: (name) =>
              errors[name] ??
              Object.entries(errors).find(([path]) => path.startsWith(`${name}.`))?.[1],
          })}
        </div>
      </form>
    </Dialog>
  );
}
