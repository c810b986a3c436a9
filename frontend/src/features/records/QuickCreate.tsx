import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import { createRecord, recordKeys } from "@/api/records";
import { searchQuery } from "@/api/search";
import type { AnyRecord } from "@/api/types";
import { isComposing } from "@/lib/composing";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { Dialog } from "@/ui/Dialog";
import { toast } from "@/ui/Toast";
import { descriptors } from "./descriptors";
import { type Descriptor, type Field, fieldOf, sectionsOf } from "./model";
import { createPayload } from "./payload";
import { closeQuickCreate, currentWish, onWish, type QuickCreateWish } from "./quick-create";
import { faultsOf, RecordField } from "./RecordField";
import { refreshAround } from "./use-record-update";

type Values = Record<string, unknown>;

/** Drafts survive an accidental close, one per type, until they are saved. */
const drafts = new Map<string, Values>();

/** What a new record starts with beside the fields of the form, such as the stage of a board. */
function unseen(preset: Values, fields: Field[]): Values {
  const shown = new Set(fields.map((field) => field.name));
  return Object.fromEntries(
    Object.entries(preset).filter(([name, value]) => typeof value === "string" && !shown.has(name)),
  );
}

/** The dialog that creates a record with a few fields, or with all of them. */
export function QuickCreate() {
  const wish = useSyncExternalStore(onWish, currentWish);
  return wish ? <CreateForm key={wish.type} wish={wish} /> : null;
}

function formFields(descriptor: Descriptor, isFull: boolean): Field[] {
  const fields = isFull
    ? sectionsOf(descriptor).flatMap((section) => section.fields)
    : descriptor.quick.map((name) => fieldOf(descriptor, name));
  return [...new Set(fields)].filter((field) => !field.isReadOnly);
}

function useCreate(descriptor: Descriptor) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: Values; key: string }) =>
      createRecord(descriptor.type, body, key),
    onSuccess: async (record) => {
      client.setQueryData(recordKeys.one(descriptor.type, record.id), record);
      await client.invalidateQueries({ queryKey: recordKeys.all(descriptor.type) });
      await refreshAround(client, descriptor.type);
    },
  });
}

function CreateForm({ wish }: { wish: QuickCreateWish }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const descriptor = descriptors[wish.type];
  const me = useQuery(meQuery()).data;
  const form = useRef<HTMLFormElement>(null);
  const key = useRef(crypto.randomUUID());
  const [isFull, setFull] = useState(false);
  const [another, setAnother] = useState(false);
  const start = (): Values => ({
    ...descriptor.defaults,
    ...(me && { owner_id: me.id, owner: { id: me.id, name: me.name } }),
    ...(drafts.get(wish.type) ?? {}),
    ...wish.preset,
  });
  const [values, setValues] = useState<Values>(start);
  const create = useCreate(descriptor);
  const fields = formFields(descriptor, isFull);
  const errors = create.error ? asProblem(create.error).fieldErrors() : {};

  useEffect(() => {
    drafts.set(wish.type, values);
  }, [wish.type, values]);

  function change(name: string, value: unknown) {
    setValues((old) => ({ ...old, [name]: value }));
    key.current = crypto.randomUUID();
  }

  async function save(event?: FormEvent) {
    event?.preventDefault();
    if (create.isPending) return;
    const all = formFields(descriptor, true);
    const wanted = [...new Set([...all, ...fields])];
    const record: AnyRecord | null = await create
      .mutateAsync({
        body: { ...unseen(wish.preset, wanted), ...createPayload(wanted, values) },
        key: key.current,
      })
      .catch(() => null);
    if (!record) return;
    drafts.delete(wish.type);
    key.current = crypto.randomUUID();
    toast(t("records:created", { name: record.name }), {
      action: {
        label: t("records:open"),
        run: () => void navigate({ to: `/${wish.type}/${record.id}` }),
      },
    });
    if (!another) return closeQuickCreate();
    setValues({
      ...descriptor.defaults,
      ...wish.preset,
      owner_id: values.owner_id,
      owner: values.owner,
    });
    form.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }

  const problem = create.error ? asProblem(create.error) : null;
  const shown = new Set(fields.map((field) => field.name));
  const hidden = Object.entries(errors).filter(([path]) => !shown.has(path.split(".")[0] ?? ""));

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeQuickCreate()}
      title={t(`records:newOf.${wish.type}`)}
      size={isFull ? "lg" : "md"}
      footer={
        <>
          <AnotherSwitch checked={another} onChange={setAnother} />
          <Button variant="ghost" onClick={() => setFull(!isFull)}>
            {isFull ? t("records:fewerFields") : t("records:moreFields")}
          </Button>
          <Button variant="primary" busy={create.isPending} onClick={() => void save()}>
            {t("records:create")}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => void save(event)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && isComposing(event)) event.preventDefault();
          else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void save();
        }}
        className="grid grid-cols-2 gap-3 phone:grid-cols-1"
      >
        {fields.map((field) => (
          <RecordField
            key={field.name}
            field={field}
            values={values}
            faults={faultsOf(field, errors)}
            onChange={(value) => change(field.name, value)}
          />
        ))}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
      <Duplicates descriptor={descriptor} values={values} />
      {problem && (Object.keys(errors).length === 0 || hidden.length > 0) && (
        <p role="alert" className="mt-3 text-danger">
          {hidden.map(([, text]) => text).join(" ") || (problem.detail ?? problem.title)}
        </p>
      )}
    </Dialog>
  );
}

function AnotherSwitch(props: { checked: boolean; onChange: (checked: boolean) => void }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
    <label className="mr-auto flex items-center gap-2 text-fg2">
      <Checkbox checked={props.checked} onCheckedChange={props.onChange} />
      {t("records:createAnother")}
    </label>
  );
}

const NAME_FIELDS = ["name", "company_name"];

/** Records that may already be what is being typed. */
function Duplicates({ descriptor, values }: { descriptor: Descriptor; values: Values }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const person = [values.family_name, values.given_name].filter(Boolean).join("");
  const typed = NAME_FIELDS.map((name) => values[name]).find(Boolean) ?? person;
  const text = useSettled(typeof typed === "string" ? typed.trim() : "");
  const hits = useQuery({
    ...searchQuery(text, [descriptor.type], 3),
    enabled: [...text].length >= 2,
  });
  if (!hits.data || hits.data.length === 0) return null;
  return (
    <section className="mt-4 rounded-lg bg-hover px-3 py-2" aria-live="polite">
      <p className="mb-1 text-fg2 text-xs">{t("records:maybeExists")}</p>
      <ul>
        {hits.data.map((hit) => (
          <li key={hit.id} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              {hit.name} <span className="text-fg2">{hit.detail}</span>
            </span>
            <Button
              variant="ghost"
              size="sm"
              onClick={() => {
                closeQuickCreate();
                void navigate({ to: `/${descriptor.type}/${hit.id}` });
              }}
            >
              {t("records:openExisting")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 300);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
