import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/me";
import { createRecord } from "@/api/records";
import { findRecords, findUsers } from "@/api/search";
import type { AnyRecord, Money, RecordType } from "@/api/types";
import { findZones } from "@/lib/zones";
import { Avatar } from "@/ui/Avatar";
import { Dot } from "@/ui/Badge";
import { Combobox, type Option } from "@/ui/Combobox";
import { DateField } from "@/ui/DateField";
import type { FieldControl } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { MoneyField } from "@/ui/MoneyField";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { TagInput } from "@/ui/TagInput";
import { Textarea } from "@/ui/Textarea";
import { EmailField, PhoneField } from "@/ui/TextFields";
import {
  EmailsEditor,
  ExternalIdsEditor,
  LinksEditor,
  PhonesEditor,
  StakeholdersEditor,
} from "./ListEditors";
import { type Field, type FieldKind, referenceOf } from "./model";
import { AddressEditor, BirthdayEditor, type GroupProps, UtmEditor } from "./PartsEditors";
import { useOptions } from "./use-options";

export interface FieldEditorProps {
  field: Field;
  /** Read out when no FormField names the control. */
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Called with the value when one press both chooses and finishes. */
  onPick?: (value: unknown) => void;
  /** Gives references their names; a draft of a new record will do. */
  record?: AnyRecord | Record<string, unknown> | undefined;
  control?: FieldControl | undefined;
  /** Which parts of the value the server has refused: `city`, `1.value`. */
  refused?: ReadonlySet<string> | undefined;
  autoFocus?: boolean;
}

/** The control that edits a field. */
export function FieldEditor(props: FieldEditorProps) {
  switch (props.field.kind) {
    case "choice":
    case "leadStatus":
    case "source":
    case "stage":
    case "language":
      return <OptionEditor {...props} />;
    case "user":
    case "record":
      return <ReferenceEditor {...props} />;
    case "money":
      return <MoneyEditor {...props} />;
    case "date":
      return <DateEditor {...props} />;
    case "tags":
      return <TagsEditor {...props} />;
    case "switch":
      return <SwitchEditor {...props} />;
    case "timeZone":
      return <ZoneEditor {...props} />;
    default:
      return isGroup(props.field) ? <GroupEditor {...props} /> : <TextEditor {...props} />;
  }
}

/** The attributes that name a control: from its FormField, else its own label. */
function naming({ control, label }: FieldEditorProps) {
  return control ?? { "aria-label": label };
}

function TextEditor(props: FieldEditorProps) {
  const { field, value, onChange, autoFocus } = props;
  const text = value === null || value === undefined ? "" : String(value);
  const isNumber = field.kind === "integer" || field.kind === "percent";
  const common = {
    ...naming(props),
    autoFocus,
    value: text,
    onChange: (event: { target: { value: string } }) => {
      const next = event.target.value;
      const number = isNumber && /^\d+$/.test(next.trim()) ? Number(next) : next;
      onChange(next === "" ? null : number);
    },
  };
  if (field.kind === "longText") return <Textarea {...common} />;
  if (field.kind === "email") return <EmailField {...common} />;
  if (field.kind === "phone") return <PhoneField {...common} />;
  return (
    <Input
      {...common}
      autoComplete="off"
      inputMode={isNumber ? "numeric" : field.kind === "url" ? "url" : undefined}
    />
  );
}

function OptionEditor(props: FieldEditorProps) {
  const { t } = useTranslation();
  const { field, value, onChange, onPick, control, label, autoFocus } = props;
  const known = useOptions(field);
  // What another program has written may be none of the choices; it must not seem empty.
  const isKnown = value === null || known.some((option) => option.value === value);
  const options = isKnown ? known : [...known, { value: String(value), label: String(value) }];
  return (
    <Select
      {...control}
      {...(control ? {} : { label })}
      value={(value as string | null) ?? null}
      onChange={onPick ?? onChange}
      defaultOpen={autoFocus ?? false}
      {...(!field.isNeverEmpty && { emptyLabel: field.emptyLabel ? t(field.emptyLabel) : "–" })}
      options={options.map((option) => ({
        value: option.value,
        label: option.label,
        icon: "colour" in option && option.colour ? <Dot colour={option.colour} /> : undefined,
      }))}
    />
  );
}

function ReferenceEditor(props: FieldEditorProps) {
  const { field, value, onChange, onPick, record, control, label, autoFocus } = props;
  const known = record ? referenceOf(record as AnyRecord, field) : null;
  const isUser = field.kind === "user";
  const people = useOptions(field);
  const id = (value as string | null) ?? null;
  const name = known?.id === id ? known?.name : people.find((option) => option.value === id)?.label;
  const target = field.target ?? "customers";
  const change = (option: Option | null) => (onPick ?? onChange)(option?.id ?? null);
  return (
    <Combobox
      {...control}
      {...(control ? {} : { label })}
      value={id === null ? null : { id, name: name ?? "…" }}
      onChange={change}
      search={isUser ? findUsers : (text, signal) => findRecords(target, text, signal)}
      onCreate={isUser ? undefined : (text) => createNamed(target, text)}
      renderIcon={(option) => (
        <Avatar name={option.name} kind={target === "customers" ? "company" : "person"} />
      )}
      autoFocus={autoFocus ?? false}
    />
  );
}

async function createNamed(type: RecordType, text: string): Promise<Option | null> {
  if (type !== "customers" && type !== "contacts") return null;
  const created = await createRecord(type, type === "customers" ? { name: text } : nameParts(text));
  return { id: created.id, name: created.name };
}

const DOUBLE_FAMILY_NAMES = /^(欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木)/;

/** Splits a full name: 王小明 after the family name, Ada Lovelace at the last blank. */
export function nameParts(text: string): { family_name: string | null; given_name: string | null } {
  const name = text.trim();
  if (/^\p{Script=Han}+$/u.test(name)) {
    const length = name.length > 2 && DOUBLE_FAMILY_NAMES.test(name) ? 2 : 1;
    return { family_name: name.slice(0, length), given_name: name.slice(length) || null };
  }
  const blank = name.lastIndexOf(" ");
  if (blank < 0) return { family_name: null, given_name: name };
  return { family_name: name.slice(blank + 1), given_name: name.slice(0, blank).trim() };
}

function MoneyEditor(props: FieldEditorProps) {
  const me = useQuery(meQuery());
  return (
    <MoneyField
      {...naming(props)}
      {...(props.control ? {} : { label: props.label })}
      value={(props.value as Money | null) ?? null}
      onChange={props.onChange}
      currency={me.data?.organisation.currency ?? "CNY"}
      autoFocus={props.autoFocus ?? false}
    />
  );
}

function DateEditor(props: FieldEditorProps) {
  return (
    <DateField
      {...props.control}
      label={props.label}
      value={(props.value as string | null) ?? null}
      onChange={props.onPick ?? props.onChange}
      defaultOpen={props.autoFocus ?? false}
    />
  );
}

type AnyGroupProps = Omit<GroupProps<never>, "onChange"> & { onChange: (value: unknown) => void };

/** The controls of values with parts, by what they hold; each takes what its field holds. */
const groups: Partial<Record<FieldKind, ComponentType<AnyGroupProps>>> = {
  address: AddressEditor,
  utm: UtmEditor,
  birthday: BirthdayEditor,
  emails: EmailsEditor,
  phones: PhonesEditor,
  customerLinks: LinksEditor,
  stakeholders: StakeholdersEditor,
  externalIds: ExternalIdsEditor,
};

const SINGLE: FieldKind[] = ["address", "utm", "birthday"];

/** Whether the control of a field is a group of controls, which a label cannot point at. */
export function isGroup(field: Field): boolean {
  return groups[field.kind] !== undefined;
}

function GroupEditor(props: FieldEditorProps) {
  const { field, label, value, onChange, control, refused, autoFocus } = props;
  const Editor = groups[field.kind];
  if (!Editor) return null;
  return (
    <Editor
      label={label}
      value={(value ?? (SINGLE.includes(field.kind) ? null : [])) as never}
      onChange={onChange}
      control={control}
      refused={refused}
      autoFocus={autoFocus ?? false}
    />
  );
}

function TagsEditor({ control, label, value, onChange, autoFocus }: FieldEditorProps) {
  return (
    <TagInput
      {...control}
      {...(control ? {} : { label })}
      value={(value as string[] | null) ?? []}
      onChange={onChange}
      autoFocus={autoFocus ?? false}
    />
  );
}

function SwitchEditor(props: FieldEditorProps) {
  return (
    <Switch
      {...naming(props)}
      checked={props.value === true}
      onCheckedChange={(checked) => (props.onPick ?? props.onChange)(checked)}
    />
  );
}

function ZoneEditor(props: FieldEditorProps) {
  const zone = (props.value as string | null) ?? null;
  return (
    <Combobox
      {...props.control}
      {...(props.control ? {} : { label: props.label })}
      value={zone === null ? null : { id: zone, name: zone }}
      onChange={(option) => (props.onPick ?? props.onChange)(option?.id ?? null)}
      search={findZones}
      autoFocus={props.autoFocus ?? false}
    />
  );
}
