import { Link } from "@tanstack/react-router";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Opportunity } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";
import { EditableField } from "./EditableField";
import { FieldValue } from "./FieldValue";
import {
  type Descriptor,
  type Field,
  fieldOf,
  isEmptyValue,
  memberOf,
  referenceOf,
  sectionsOf,
} from "./model";
import { draftOf } from "./payload";

/** Draws something beside a fact. */
export type RenderBeside = (record: AnyRecord, field: Field) => ReactNode;

interface FactsProps {
  descriptor: Descriptor;
  record: AnyRecord;
  renderBeside?: RenderBeside | undefined;
}

const SYSTEM = ["number", "last_activity_at", "next_activity_at", "created_at", "updated_at"];

/** What is known of a record, each fact editable in place. */
export function Facts({ descriptor, record, renderBeside }: FactsProps) {
  const { t } = useTranslation();
  const system = SYSTEM.map((name) => fieldOf(descriptor, name));
  const sections = [
    ...sectionsOf(descriptor, record),
    { label: "records:section.system", fields: system },
  ];
  return (
    <div className="flex flex-col">
      {sections.map((section) => (
        <section key={section.label} className="border-line border-b px-4 py-3 last:border-b-0">
          <h2 className="mb-1 text-fg3 text-xs">{t(section.label)}</h2>
          <dl>
            {section.fields
              .filter((field) => !field.isRare || !isEmptyValue(memberOf(record, field.name)))
              .map((field) => (
                <Fact
                  key={field.name}
                  descriptor={descriptor}
                  record={record}
                  field={field}
                  renderBeside={renderBeside}
                />
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

interface FactProps extends FactsProps {
  field: Field;
}

function Fact({ descriptor, record, field, renderBeside }: FactProps) {
  const { t } = useTranslation();
  const value = draftOf(record, field);
  return (
    <div className="group flex min-h-8 items-start gap-2 py-0.5 has-[fieldset]:flex-col has-[fieldset]:items-stretch has-[fieldset]:gap-1 has-[fieldset]:py-1.5">
      <dt className="w-24 shrink-0 break-words pt-1 text-fg2 phone:pt-3">{t(field.label)}</dt>
      <dd className="flex min-w-0 flex-1 items-start">
        {field.isReadOnly ? (
          <div className="flex min-h-7 min-w-0 flex-1 items-center px-1.5 phone:min-h-11">
            <FieldValue field={field} value={value} record={record} />
          </div>
        ) : (
          <EditableField type={descriptor.type} record={record} field={field} />
        )}
        <FactLink field={field} record={record} />
        {(field.kind === "phone" || field.kind === "email") && !isEmptyValue(value) && (
          <CopyButton text={String(value)} label={t(field.label)} />
        )}
        {renderBeside?.(record, field)}
      </dd>
    </div>
  );
}

/** The record a fact points at; of several people of a deal, the first to talk to. */
function targetOf(field: Field, record: AnyRecord) {
  if (field.kind === "record") {
    const target = referenceOf(record, field);
    return target && { ...target, type: field.target };
  }
  if (field.kind !== "stakeholders") return null;
  const contact = (record as Opportunity).primary_contact;
  return contact && { ...contact, type: "contacts" };
}

/** Leads to the record a fact points at. */
function FactLink({ field, record }: { field: Field; record: AnyRecord }) {
  const { t } = useTranslation();
  const target = targetOf(field, record);
  if (!target) return null;
  return (
    <Link
      to={`/${target.type}/${target.id}` as string}
      className="flex h-7 shrink-0 items-center rounded-md px-1.5 text-accent text-xs hover:bg-hover group-has-[fieldset]:hidden phone:h-11 phone:px-3"
      aria-label={t("records:openNamed", { name: target.name })}
    >
      {t("records:open")}
    </Link>
  );
}

function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  return (
    <IconButton
      size="sm"
      className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100 phone:opacity-100"
      label={t("records:copyNamed", { name: label })}
      onClick={() =>
        void navigator.clipboard
          .writeText(text.replace(/\s/g, ""))
          .then(() => toast(t("records:copied", { text })))
      }
    >
      <Copy />
    </IconButton>
  );
}
