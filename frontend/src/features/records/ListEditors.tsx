import { Plus, Star, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { findRecords } from "@/api/search";
import type { ContactEmail, ContactPhone, CustomerLink } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { IconButton } from "@/ui/IconButton";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { EmailField, PhoneField } from "@/ui/TextFields";

interface ListEditorProps<T> {
  label: string;
  value: T[];
  onChange: (items: T[]) => void;
}

interface ItemListProps<T extends { primary: boolean }> extends ListEditorProps<T> {
  blank: T;
  draw: (item: T, change: (changes: Partial<T>) => void) => ReactNode;
}

/** A list of which exactly one item is the primary one. */
function ItemList<T extends { primary: boolean }>(props: ItemListProps<T>) {
  const { t } = useTranslation();
  const { label, value, onChange, blank, draw } = props;
  const items = value.length > 0 ? value : [{ ...blank, primary: true }];

  function replace(index: number, changes: Partial<T>) {
    onChange(items.map((item, other) => (other === index ? { ...item, ...changes } : item)));
  }
  function makePrimary(index: number) {
    onChange(items.map((item, other) => ({ ...item, primary: other === index })));
  }
  function remove(index: number) {
    const rest = items.filter((_, other) => other !== index);
    const [first, ...others] = rest;
    const needsPrimary = first !== undefined && !rest.some((item) => item.primary);
    onChange(needsPrimary ? [{ ...first, primary: true }, ...others] : rest);
  }

  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="sr-only">{label}</legend>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
        <div key={index} className="flex items-center gap-1">
          <div className="flex min-w-0 flex-1 gap-1.5">
            {draw(item, (changes) => replace(index, changes))}
          </div>
          <IconButton
            size="sm"
            label={t("records:makePrimary")}
            aria-pressed={item.primary}
            onClick={() => makePrimary(index)}
          >
            <Star className={cn(item.primary && "fill-current text-accent")} />
          </IconButton>
          <IconButton size="sm" label={t("records:removeItem")} onClick={() => remove(index)}>
            <X />
          </IconButton>
        </div>
      ))}
      <Button
        variant="ghost"
        size="sm"
        className="self-start"
        icon={<Plus className="size-3.5" />}
        onClick={() => onChange([...items, { ...blank, primary: false }])}
      >
        {t("records:addItem")}
      </Button>
    </fieldset>
  );
}

const EMAIL_KINDS = ["work", "home", "other"] as const;
const PHONE_KINDS = ["mobile", "work", "home", "other"] as const;

/** The e-mail addresses of a contact. */
export function EmailsEditor(props: ListEditorProps<ContactEmail>) {
  const { t } = useTranslation();
  return (
    <ItemList
      {...props}
      blank={{ kind: "work", value: "", primary: true }}
      draw={(item, change) => (
        <>
          <KindSelect
            label={t("records:kindOfEmail")}
            kinds={EMAIL_KINDS}
            value={item.kind ?? "other"}
            onChange={(kind) => change({ kind })}
          />
          <div className="flex-1">
            <EmailField
              aria-label={t("records:field.email")}
              value={item.value}
              onChange={(event) => change({ value: event.target.value })}
            />
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
      blank={{ kind: "mobile", value: "", primary: true }}
      draw={(item, change) => (
        <>
          <KindSelect
            label={t("records:kindOfPhone")}
            kinds={PHONE_KINDS}
            value={item.kind ?? "other"}
            onChange={(kind) => change({ kind })}
          />
          <div className="flex-1">
            <PhoneField
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

/** The customers a contact works for. */
export function LinksEditor(props: ListEditorProps<CustomerLink>) {
  const { t } = useTranslation();
  return (
    <ItemList
      {...props}
      blank={{ customer_id: "", primary: true }}
      draw={(item, change) => (
        <>
          <Combobox
            className="flex-1"
            label={t("records:field.customer_id")}
            value={
              item.customer_id === "" ? null : { id: item.customer_id, name: item.name ?? "…" }
            }
            onChange={(option) =>
              change({ customer_id: option?.id ?? "", name: option?.name ?? "" })
            }
            search={(text, signal) => findRecords("customers", text, signal)}
          />
          <Input
            className="w-28"
            aria-label={t("records:roleThere")}
            placeholder={t("records:roleThere")}
            value={item.role ?? ""}
            onChange={(event) => change({ role: event.target.value || null })}
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
