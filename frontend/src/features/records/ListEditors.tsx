import { MailX, Plus, Star, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { findRecords } from "@/api/search";
import type { ContactEmail, ContactPhone, CustomerLink, ExternalKey } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { DateField } from "@/ui/DateField";
import { IconButton } from "@/ui/IconButton";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { EmailField, PhoneField } from "@/ui/TextFields";
import { STAKEHOLDER_ROLES } from "./descriptors/shared";
import { Group, type GroupProps } from "./PartsEditors";
import type { StakeholderItem } from "./payload";

type ListEditorProps<T> = GroupProps<T[]>;

interface DrawnItem<T> {
  item: T;
  change: (changes: Partial<T>) => void;
  /** The attributes of the control of one member. */
  about: (member: string) => { "aria-invalid": true | undefined };
}

interface ItemListProps<T extends object> extends ListEditorProps<T> {
  blank: T;
  /** Without items there is only the button that adds one. */
  isRare?: boolean;
  /** Exactly one item is the first one to turn to. */
  hasPrimary?: boolean;
  draw: (drawn: DrawnItem<T>) => ReactNode;
}

const isPrimary = (item: object) => "primary" in item && item.primary === true;

/** The items without one; when the primary one goes, the first takes its place. */
function without<T extends object>(items: T[], index: number, hasPrimary: boolean): T[] {
  const [first, ...others] = items.filter((_, other) => other !== index);
  if (first === undefined) return [];
  const rest = [first, ...others];
  return hasPrimary && !rest.some(isPrimary) ? [{ ...first, primary: true }, ...others] : rest;
}

/** A list whose items are edited side by side. */
function ItemList<T extends object>(props: ItemListProps<T>) {
  const { t } = useTranslation();
  const { value, onChange, blank, hasPrimary = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const first = [{ ...blank, ...(hasPrimary && { primary: true }) }];
  const items = value.length > 0 || (props.isRare && !props.autoFocus) ? value : first;
  const wantsFocus = props.autoFocus === true;
  useEffect(() => {
    if (wantsFocus) box.current?.querySelector<HTMLElement>("input")?.focus();
  }, [wantsFocus]);

  const about = (index: number) => (member: string) => ({
    "aria-invalid":
      props.refused?.has(`${index}.${member}`) || props.refused?.has(`${index}`)
        ? (true as const)
        : undefined,
    "aria-describedby": props.control?.["aria-describedby"],
  });
  const change = (index: number) => (changes: Partial<T>) =>
    onChange(items.map((item, other) => (other === index ? { ...item, ...changes } : item)));

  return (
    <Group label={props.label} control={props.control}>
      <div ref={box} className="flex flex-col gap-1.5">
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
          <div key={index} className="flex items-start gap-0.5">
            <div className="flex min-w-0 flex-1 flex-wrap gap-1.5">
              {props.draw({ item, change: change(index), about: about(index) })}
            </div>
            {hasPrimary && (
              <IconButton
                label={t("records:makePrimary")}
                aria-pressed={isPrimary(item)}
                onClick={() =>
                  onChange(items.map((one, other) => ({ ...one, primary: other === index })))
                }
              >
                <Star className={cn(isPrimary(item) && "fill-current text-accent")} />
              </IconButton>
            )}
            <IconButton
              label={t("records:removeItem")}
              onClick={() => onChange(without(items, index, hasPrimary))}
            >
              <X />
            </IconButton>
          </div>
        ))}
        <Button
          variant="ghost"
          size="sm"
          className="self-start"
          icon={<Plus className="size-3.5" />}
          onClick={() => onChange([...items, { ...blank, ...(hasPrimary && { primary: false }) }])}
        >
          {t("records:addItem")}
        </Button>
      </div>
    </Group>
  );
}

const EMAIL_KINDS = ["work", "home", "other"] as const;
const PHONE_KINDS = ["mobile", "work", "home", "other"] as const;

/** The e-mail addresses of a contact, each with whether they want mail there. */
export function EmailsEditor(props: ListEditorProps<ContactEmail>) {
  const { t } = useTranslation();
  return (
    <ItemList
      {...props}
      hasPrimary
      blank={{ kind: "work", value: "", primary: true }}
      draw={({ item, change, about }) => (
        <>
          <KindSelect
            label={t("records:kindOfEmail")}
            kinds={EMAIL_KINDS}
            value={item.kind ?? "other"}
            onChange={(kind) => change({ kind })}
          />
          <div className="flex min-w-36 flex-1 items-start gap-0.5">
            <div className="min-w-0 flex-1">
              <EmailField
                {...about("value")}
                aria-label={t("records:field.email")}
                value={item.value}
                onChange={(event) => change({ value: event.target.value })}
              />
            </div>
            <IconButton
              label={t("records:optedOut")}
              aria-pressed={item.opted_out === true}
              onClick={() => change({ opted_out: item.opted_out !== true })}
            >
              <MailX className={cn(item.opted_out && "text-danger")} />
            </IconButton>
          </div>
        </>
      )}
    />
  );
}

/** The phone numbers of a contact. */
export function PhonesEditor(props: ListEditorProps<ContactPhone>) {
  const { t } = useTranslation();
  return (
    <ItemList
      {...props}
      hasPrimary
      blank={{ kind: "mobile", value: "", primary: true }}
      draw={({ item, change, about }) => (
        <>
          <KindSelect
            label={t("records:kindOfPhone")}
            kinds={PHONE_KINDS}
            value={item.kind ?? "other"}
            onChange={(kind) => change({ kind })}
          />
          <div className="min-w-36 flex-1">
            <PhoneField
              {...about("value")}
              aria-label={t("records:field.phone")}
              value={item.value}
              onChange={(event) => change({ value: event.target.value })}
            />
          </div>
        </>
      )}
    />
  );
}

/** The customers a contact works or worked for, as what, and from when to when. */
export function LinksEditor(props: ListEditorProps<CustomerLink>) {
  const { t } = useTranslation();
  return (
    <ItemList
      {...props}
      hasPrimary
      blank={{ customer_id: "", primary: true }}
      draw={({ item, change, about }) => (
        <>
          <Combobox
            {...about("customer_id")}
            className="min-w-48 flex-2"
            label={t("records:field.customer_id")}
            placeholder={t("records:field.customer_id")}
            value={
              item.customer_id === "" ? null : { id: item.customer_id, name: item.name ?? "…" }
            }
            onChange={(option) =>
              change({ customer_id: option?.id ?? "", name: option?.name ?? "" })
            }
            search={(text, signal) => findRecords("customers", text, signal)}
          />
          <Input
            {...about("role")}
            className="w-auto min-w-20 flex-1"
            aria-label={t("records:roleThere")}
            placeholder={t("records:roleThere")}
            value={item.role ?? ""}
            onChange={(event) => change({ role: event.target.value || null })}
          />
          {item.customer_id !== "" && (
            <div className="flex w-full flex-wrap gap-1.5">
              {(["since", "until"] as const).map((member) => (
                <DateField
                  key={member}
                  {...about(member)}
                  className="min-w-36 flex-1"
                  label={t(`records:span.${member}`)}
                  placeholder={t(`records:span.${member}`)}
                  value={item[member] ?? null}
                  onChange={(date) => change({ [member]: date })}
                />
              ))}
            </div>
          )}
        </>
      )}
    />
  );
}

/** Everybody who has a say in a deal, and what say. */
export function StakeholdersEditor(props: ListEditorProps<StakeholderItem>) {
  const { t } = useTranslation();
  const taken = new Set(props.value.map((item) => item.contact_id));
  return (
    <ItemList
      {...props}
      hasPrimary
      blank={{ contact_id: "", role: "other", primary: false }}
      draw={({ item, change, about }) => (
        <>
          <Combobox
            {...about("contact_id")}
            className="min-w-32 flex-2"
            label={t("records:one.contacts")}
            placeholder={t("records:one.contacts")}
            value={item.contact_id === "" ? null : { id: item.contact_id, name: item.name ?? "…" }}
            onChange={(option) =>
              change({ contact_id: option?.id ?? "", name: option?.name ?? null })
            }
            search={async (text, signal) => {
              const found = await findRecords("contacts", text, signal);
              return found.filter(({ id }) => id === item.contact_id || !taken.has(id));
            }}
          />
          <Select
            {...about("role")}
            className="w-auto min-w-24 flex-1"
            label={t("records:roleInDeal")}
            value={item.role}
            onChange={(role) => change({ role: role ?? "other" })}
            options={STAKEHOLDER_ROLES.map((role) => ({
              value: role as string,
              label: t(`records:decisionRole.${role}`),
            }))}
          />
        </>
      )}
    />
  );
}

/** What other systems call a record. */
export function ExternalIdsEditor(props: ListEditorProps<ExternalKey>) {
  const { t } = useTranslation();
  return (
    <ItemList
      {...props}
      isRare
      blank={{ system: "", external_id: "" }}
      draw={({ item, change, about }) => (
        <>
          <Input
            {...about("system")}
            className="w-auto min-w-24 flex-1"
            aria-label={t("records:externalSystem")}
            placeholder={t("records:externalSystem")}
            autoComplete="off"
            value={item.system}
            onChange={(event) => change({ system: event.target.value })}
          />
          <Input
            {...about("external_id")}
            className="w-auto min-w-28 flex-2"
            aria-label={t("records:externalId")}
            placeholder={t("records:externalId")}
            autoComplete="off"
            value={item.external_id}
            onChange={(event) => change({ external_id: event.target.value })}
          />
        </>
      )}
    />
  );
}

interface KindSelectProps<T extends string> {
  label: string;
  kinds: readonly T[];
  value: string;
  onChange: (kind: T) => void;
}

function KindSelect<T extends string>({ label, kinds, value, onChange }: KindSelectProps<T>) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      className="w-20 phone:w-24"
      value={kinds.find((kind) => kind === value) ?? null}
      onChange={(kind) => kind && onChange(kind)}
      options={kinds.map((kind) => ({ value: kind, label: t(`records:reachKind.${kind}`) }))}
    />
  );
}
