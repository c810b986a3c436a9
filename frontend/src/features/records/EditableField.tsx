import { Suspense, use, useState } from "react";
import { asProblem } from "@/api/problem";
import type { AnyRecord, RecordType } from "@/api/types";
import { useTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { InlineEdit, LoadingControl } from "@/ui/InlineEdit";
import { descriptors } from "./descriptors";
import { FieldValue } from "./FieldValue";
import { type Field, isEditable } from "./model";
import { OwnerChange } from "./owner-change";
import { changesOf, draftOf, shownMembers, writtenOf } from "./payload";
import { useRecordUpdate } from "./use-record-update";

// Reading is most of the work; the controls are loaded with the first edit.
const FieldEditor = lazyNamed(() => import("./FieldEditor").then((module) => module.FieldEditor));

interface EditableFieldProps {
  type: RecordType;
  record: AnyRecord;
  field: Field;
  isCompact?: boolean;
  tabIndex?: number;
  align?: "left" | "right";
}

/** A field of a record in place: shown, and edited by a press when the user may. */
export function EditableField({
  type,
  record,
  field,
  isCompact,
  tabIndex,
  align,
}: EditableFieldProps) {
  const { t } = useTexts();
  const update = useRecordUpdate(type);
  const askOwner = use(OwnerChange);
  const [error, setError] = useState<string>();
  const label = t(field.label);
  const value = draftOf(record, field);

  async function save(next: unknown) {
    setError(undefined);
    try {
      const changes = changesOf(field, record, next);
      if (Object.keys(changes).length === 0) return;
      if (field.name === "owner_id" && askOwner?.(record, next)) return;
      await update(record, changes, shownMembers(field, next));
    } catch (thrown) {
      const problem = asProblem(thrown);
      const own = Object.entries(problem.fieldErrors()).find(([path]) =>
        path.split(".").includes(field.name),
      );
      setError(own?.[1] ?? problem.detail ?? problem.title);
    }
  }

  return (
    <InlineEdit
      label={label}
      value={writtenOf(record, field)}
      display={
        <FieldValue
          field={field}
          value={value}
          record={record}
          isCompact={isCompact ?? false}
          isPresent
        />
      }
      disabled={!isEditable(descriptors[type], record, field)}
      error={error}
      tabIndex={tabIndex}
      align={align ?? "left"}
      isCompact={isCompact ?? false}
      onSave={save}
      editor={({ draft, change, save: pick }) => (
        <Suspense fallback={<LoadingControl />}>
          <FieldEditor
            field={field}
            label={label}
            value={draft}
            onChange={change}
            onPick={pick}
            record={record}
            autoFocus
          />
        </Suspense>
      )}
    />
  );
}
