import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/me";
import { createRecord } from "@/api/records";
import { findRecords, findUsers } from "@/api/search";
import type {
  Address,
  AnyRecord,
  ContactEmail,
  ContactPhone,
  CustomerLink,
  Money,
  RecordType,
} from "@/api/types";
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
import { AddressEditor } from "./AddressEditor";
import { EmailsEditor, LinksEditor, PhonesEditor } from "./ListEditors";
import { type Field, referenceOf } from "./model";
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
  autoFocus?: boolean;
}

/** The control that edits a field. */
export function FieldEditor(props: FieldEditorProps) {
  switch (props.field.kind) {
    case "choice":
    case "leadStatus":
    case "source":
    case "stage":
      return <OptionEditor {...props} />;
    case "user":
    case "record":
      return <ReferenceEditor {...props} />;
    case "money":
      return <MoneyEditor {...props} />;
    case "date":
      return <DateEditor {...props} />;
    case "tags":
    case "address":
    case "emails":
    case "phones":
    case "customerLinks":
    case "switch":
      return <StructuredEditor {...props} />;
    default:
      return <TextEditor {...props} />;
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
  const { field, value, onChange, onPick, control, label, autoFocus } = props;
  const options = useOptions(field);
  return (
    <Select
      {...control}
      {...(control ? {} : { label })}
      value={(value as string | null) ?? null}
      onChange={onPick ?? onChange}
      defaultOpen={autoFocus ?? false}
      {...(!field.isNeverEmpty && { emptyLabel: "–" })}
      options={options.map((option) => ({
        value: option.value,
        label: option.label,
        icon: option.colour ? <Dot colour={option.colour} /> : undefined,
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

function StructuredEditor(props: FieldEditorProps) {
  const { field, value, onChange, label, control, autoFocus } = props;
  switch (field.kind) {
    case "tags":
      return (
        <TagInput
          {...control}
          {...(control ? {} : { label })}
          value={(value as string[] | null) ?? []}
          onChange={onChange}
          autoFocus={autoFocus ?? false}
        />
      );
    case "address":
      return (
        <AddressEditor
          label={label}
          value={(value as Address | null) ?? {}}
          onChange={onChange}
          autoFocus={autoFocus ?? false}
        />
      );
    case "emails":
      return (
        <EmailsEditor
          label={label}
          value={(value as ContactEmail[] | null) ?? []}
          onChange={onChange}
        />
      );
    case "phones":
      return (
        <PhonesEditor
          label={label}
          value={(value as ContactPhone[] | null) ?? []}
          onChange={onChange}
        />
      );
    case "customerLinks":
      return (
        <LinksEditor
          label={label}
          value={(value as CustomerLink[] | null) ?? []}
          onChange={onChange}
        />
      );
    default:
      return (
        <Switch
          {...naming(props)}
          checked={value === true}
          onCheckedChange={(checked) => (props.onPick ?? onChange)(checked)}
        />
      );
  }
}
