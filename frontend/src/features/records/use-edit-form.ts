import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import type { AnyRecord } from "@/api/types";
import { type Descriptor, isEditable, sectionsOf } from "./model";
import { changesOf, withoutBlanks, writtenOf } from "./payload";
import { useRecordUpdate } from "./use-record-update";

type Values = Record<string, unknown>;

/** The state of a form that edits one version of a record. */
export function useEditForm(descriptor: Descriptor, record: AnyRecord, onSaved: () => void) {
  // What others write meanwhile must not move under the hands; it is settled when this is saved.
  const [base] = useState(record);
  const [edits, setEdits] = useState<Values>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const update = useRecordUpdate(descriptor.type);

  const sections = sectionsOf(descriptor, base)
    .map((section) => ({
      ...section,
      fields: section.fields.filter((field) => isEditable(descriptor, base, field)),
    }))
    .filter(({ fields }) => fields.length > 0);
  const fields = sections.flatMap((section) => section.fields);
  const edited = fields.filter((field) => field.name in edits);
  const changed = edited.filter(
    (field) => Object.keys(changesOf(field, base, edits[field.name])).length > 0,
  );

  async function save() {
    if (isSaving) return;
    if (changed.length === 0) return onSaved();
    // The server counts the items it was sent, so that blank ones must not stand between them.
    setEdits((old) =>
      Object.fromEntries(
        edited.map((field) => [field.name, withoutBlanks(field, old[field.name])] as const),
      ),
    );
    setSaving(true);
    setProblem(null);
    try {
      const changes = changed.map((field) => changesOf(field, base, edits[field.name]));
      await update(base, Object.assign({}, ...changes), {});
      onSaved();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setSaving(false);
    }
  }

  return {
    sections,
    values: {
      ...base,
      ...Object.fromEntries(
        fields
          .filter((field) => field.authorMember)
          .map((field) => [field.name, writtenOf(base, field)]),
      ),
      ...edits,
    } as Values,
    change: (name: string, value: unknown) => setEdits((old) => ({ ...old, [name]: value })),
    changeCount: changed.length,
    problem,
    errors: problem?.fieldErrors() ?? {},
    isSaving,
    save,
  };
}
