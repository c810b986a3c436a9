import type { Contact } from "@/api/types";
import { facetFields } from "../facets";
import type { Descriptor } from "../model";
import {
  allView,
  DECISION_ROLES,
  headFields,
  lastActivityColumn,
  mineView,
  nextStep,
  nextStepColumn,
} from "./shared";

/** People. */
export const contacts: Descriptor = {
  type: "contacts",
  singular: "contact",
  avatarKind: "person",
  defaultSort: "-updated_at",
  subtitle: (record) => {
    const contact = record as Contact;
    return [contact.job_title, contact.customer?.name].filter(Boolean).join(" · ") || null;
  },
  fields: [
    { name: "name", label: "records:field.name", kind: "text", isReadOnly: true },
    { name: "family_name", label: "records:field.family_name", kind: "text" },
    { name: "given_name", label: "records:field.given_name", kind: "text" },
    { name: "salutation", label: "records:field.salutation", kind: "text" },
    { name: "job_title", label: "records:field.job_title", kind: "text" },
    { name: "department", label: "records:field.department", kind: "text" },
    {
      name: "decision_role",
      label: "records:field.decision_role",
      kind: "choice",
      choices: DECISION_ROLES,
      choiceLabels: "records:decisionRole.",
    },
    { name: "phone", label: "records:field.phone", kind: "phone", isReadOnly: true },
    { name: "email", label: "records:field.email", kind: "email", isReadOnly: true },
    { name: "phones", label: "records:field.phones", kind: "phones", isWide: true },
    { name: "emails", label: "records:field.emails", kind: "emails", isWide: true },
    { name: "wechat", label: "records:field.wechat", kind: "text" },
    {
      name: "preferred_channel",
      label: "records:field.preferred_channel",
      kind: "choice",
      choices: ["phone", "email", "wechat"],
      choiceLabels: "records:channel.",
    },
    { name: "do_not_call", label: "records:field.do_not_call", kind: "switch" },
    { name: "do_not_email", label: "records:field.do_not_email", kind: "switch" },
    {
      name: "customer_id",
      label: "records:field.customer_id",
      kind: "record",
      target: "customers",
      isReadOnly: true,
    },
    { name: "customers", label: "records:field.customers", kind: "customerLinks", isWide: true },
    {
      name: "reports_to_id",
      label: "records:field.reports_to_id",
      kind: "record",
      target: "contacts",
    },
    { name: "birthday", label: "records:field.birthday", kind: "birthday" },
    {
      name: "preferred_language",
      label: "records:field.preferred_language",
      kind: "language",
      isRare: true,
    },
    { name: "time_zone", label: "records:field.time_zone", kind: "timeZone", isRare: true },
    { name: "notes", label: "records:field.notes", kind: "longText", isWide: true },
    nextStep(),
    ...headFields,
  ],
  columns: [
    { field: "name", width: 200, sortKey: "name" },
    { field: "customer_id", width: 240 },
    { field: "job_title", width: 140 },
    { field: "phone", width: 150 },
    { field: "email", width: 210 },
    { field: "decision_role", width: 110 },
    { field: "owner_id", width: 130 },
    { field: "tags", width: 160 },
    { field: "updated_at", width: 110, sortKey: "updated_at" },
    { field: "department", width: 130, isHiddenAtFirst: true },
    { field: "wechat", width: 130, isHiddenAtFirst: true },
    { field: "source", width: 110, isHiddenAtFirst: true },
    { field: "number", width: 90, sortKey: "number", isHiddenAtFirst: true },
    { field: "created_at", width: 110, sortKey: "created_at", isHiddenAtFirst: true },
    lastActivityColumn,
    { ...nextStepColumn, isHiddenAtFirst: true },
  ],
  facets: facetFields.contacts,
  views: [allView, mineView],
  sections: [
    {
      label: "records:section.basics",
      fields: ["family_name", "given_name", "job_title", "department", "decision_role", "owner_id"],
    },
    {
      label: "records:section.reach",
      fields: ["phones", "emails", "wechat", "preferred_channel", "do_not_call", "do_not_email"],
    },
    {
      label: "records:section.more",
      fields: [
        "customers",
        "reports_to_id",
        "salutation",
        "birthday",
        "preferred_language",
        "time_zone",
        "source",
        "tags",
        "notes",
        "external_ids",
      ],
    },
  ],
  defaults: {},
  quick: ["family_name", "given_name", "customers", "job_title", "phones", "emails"],
  related: [
    {
      type: "opportunities",
      label: "records:plural.opportunities",
      filter: 'primary_contact_id = "$id"',
      preset: (record) => {
        const contact = record as Contact;
        return {
          primary_contact_id: contact.id,
          primary_contact: { id: contact.id, name: contact.name },
          ...(contact.customer && { customer_id: contact.customer.id, customer: contact.customer }),
        };
      },
    },
  ],
};
