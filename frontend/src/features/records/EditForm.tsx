import { useBlocker } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/problem";
import type { AnyRecord } from "@/api/types";
import { isComposing } from "@/lib/composing";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import type { Descriptor } from "./model";
import { faultsOf, RecordField } from "./RecordField";
import { useEditForm } from "./use-edit-form";

interface EditFormProps {
  descriptor: Descriptor;
  record: AnyRecord;
  onClose: () => void;
}

const CONTROLS = "input:not([type='hidden']), textarea, button, [role='combobox'], [role='switch']";

/** Puts the cursor where the server found something wrong, as soon as that is drawn. */
function useFocusOnFault(problem: Problem | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!problem) return;
    const wrong =
      form.current?.querySelector<HTMLElement>("[aria-invalid='true']") ??
      form.current?.querySelector<HTMLElement>(`[data-faulty] :is(${CONTROLS})`);
    wrong?.focus();
    wrong?.scrollIntoView({ block: "center" });
  }, [problem]);
  return form;
}

/** Every field of a record that may be changed, in one form, saved in one go. */
export function EditForm({ descriptor, record, onClose }: EditFormProps) {
  const { t } = useTranslation();
  const edit = useEditForm(descriptor, record, onClose);
  const form = useFocusOnFault(edit.problem);
  const [isLeaving, setLeaving] = useState(false);
  const isDirty = edit.changeCount > 0;
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty && !edit.isSaving,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });

  const close = () => (isDirty ? setLeaving(true) : onClose());
  function stay() {
    setLeaving(false);
    blocker.reset?.();
  }
  function leave() {
    setLeaving(false);
    onClose();
    blocker.proceed?.();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter") return;
    if (isComposing(event)) event.preventDefault();
    else if (event.metaKey || event.ctrlKey) {
      event.preventDefault();
      void edit.save();
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t("records:edit.title", { name: record.name })}
      size="lg"
      isSheet
      keepOnOutsidePress={isDirty}
      footer={<Footer edit={edit} onCancel={close} />}
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void edit.save();
        }}
        onKeyDown={onKeyDown}
      >
        <Sections edit={edit} />
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
      <ConfirmDialog
        open={isLeaving || blocker.status === "blocked"}
        onOpenChange={(open) => !open && stay()}
        title={t("records:edit.leaveTitle")}
        confirmLabel={t("records:edit.discard")}
        cancelLabel={t("records:edit.stay")}
        onConfirm={leave}
        danger
      >
        {t("records:edit.leaveHint", { count: edit.changeCount })}
      </ConfirmDialog>
    </Dialog>
  );
}

type Edit = ReturnType<typeof useEditForm>;

/** The groups of fields, each with its name beside it, on a phone above it. */
function Sections({ edit }: { edit: Edit }) {
  const { t } = useTranslation();
  const groups = edit.sections.map((section) => (
    <section
      key={section.label}
      aria-label={t(section.label)}
      className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-6 gap-y-2 py-4 first:pt-1 last:pb-0 phone:grid-cols-1"
    >
      <h3 className="sticky top-0 self-start pt-6 font-medium phone:static phone:pt-0">
        {t(section.label)}
      </h3>
      <div className="grid grid-cols-2 items-start gap-3 phone:grid-cols-1">
        {section.fields.map((field) => (
          <RecordField
            key={field.name}
            field={field}
            values={edit.values}
            faults={faultsOf(field, edit.errors)}
            onChange={(value) => edit.change(field.name, value)}
          />
        ))}
      </div>
    </section>
  ));
  return <div className="flex flex-col divide-y divide-line">{groups}</div>;
}

/** What is wrong that belongs to no field of the form, so that it is told somewhere. */
function strayFault({ problem, errors, sections }: Edit): string | null {
  if (!problem) return null;
  const fields = sections.flatMap((section) => section.fields);
  const shown = new Set(fields.flatMap((field) => Object.values(faultsOf(field, errors))));
  const stray = problem.errors.filter(({ pointer }) => {
    const name = pointer?.split("/")[1];
    return !fields.some((field) => field.name === name) && name !== "primary_contact_id";
  });
  if (stray.length === 0 && shown.size > 0) return null;
  const first = stray[0];
  const place = first?.pointer?.slice(1);
  return first
    ? [place, first.detail].filter(Boolean).join(": ")
    : (problem.detail ?? problem.title);
}

function Footer({ edit, onCancel }: { edit: Edit; onCancel: () => void }) {
  const { t } = useTranslation();
  const fault = strayFault(edit);
  return (
    <>
      {fault ? (
        <p role="alert" className="mr-auto min-w-0 text-danger">
          {fault}
        </p>
      ) : (
        <p role="status" className="tnum mr-auto min-w-0 truncate text-fg3">
          {edit.changeCount === 0
            ? t("records:edit.unchanged")
            : t("records:edit.changed", { count: edit.changeCount })}
        </p>
      )}
      <Button variant="ghost" onClick={onCancel}>
        {t("common:cancel")}
        <Kbd keys="Escape" />
      </Button>
      <Button variant="primary" busy={edit.isSaving} onClick={() => void edit.save()}>
        {t("records:edit.save")}
        <Kbd keys="$mod+Enter" className="*:border-current/40 *:bg-transparent *:text-current" />
      </Button>
    </>
  );
}
