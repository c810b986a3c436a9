import type { AnyRecord, Opportunity } from "@/api/types";
import { facetFields } from "../facets";
import type { Descriptor } from "../model";
import {
  allView,
  headFields,
  lastActivityColumn,
  mineView,
  nextStep,
  nextStepColumn,
} from "./shared";

const isOver = (record: AnyRecord) => ["won", "lost", "void"].includes(categoryOf(record));
const isOpen = (record: AnyRecord) => categoryOf(record) === "open";
const isLost = (record: AnyRecord) => categoryOf(record) === "lost";

function categoryOf(record: AnyRecord): string {
  return (record as Opportunity).category ?? "open";
}

/** Possible sales. */
export const opportunities: Descriptor = {
  type: "opportunities",
  singular: "opportunity",
  avatarKind: "company",
  defaultSort: "-updated_at",
  amountField: "amount",
  statusField: "stage_id",
  alertField: "stale",
  subtitle: (record) => (record as Opportunity).customer?.name ?? null,
  fields: [
    { name: "name", label: "records:field.name", kind: "text", isRequired: true, isWide: true },
    {
      name: "customer_id",
      label: "records:field.customer_id",
      kind: "record",
      target: "customers",
      isRequired: true,
    },
    {
      name: "primary_contact_id",
      label: "records:field.primary_contact_id",
      kind: "record",
      target: "contacts",
    },
    {
      name: "contacts",
      label: "records:field.stakeholders",
      kind: "stakeholders",
      isWide: true,
    },
    { name: "stage_id", label: "records:field.stage_id", kind: "stage", isReadOnly: true },
    {
      name: "stale",
      label: "records:field.stale",
      kind: "alert",
      isReadOnly: true,
      choices: ["yellow", "red"],
      choiceLabels: "records:stale.",
      choiceColours: { yellow: "amber", red: "red" },
      conditions: {
        yellow: "(warn_at <= @now AND (stale_at > @now OR stale_at IS NULL))",
        red: "stale_at <= @now",
      },
      moments: {
        yellow: { member: "warn_at", label: "records:since" },
        red: { member: "stale_at", label: "records:since" },
      },
    },
    { name: "amount", label: "records:field.amount", kind: "money" },
    {
      name: "weighted_amount",
      label: "records:field.weighted_amount",
      kind: "money",
      isReadOnly: true,
    },
    { name: "probability", label: "records:field.probability", kind: "percent" },
    { name: "expected_close_on", label: "records:field.expected_close_on", kind: "date" },
    { name: "engaged_on", label: "records:field.engaged_on", kind: "date" },
    { name: "closed_on", label: "records:field.closed_on", kind: "date", appliesTo: isOver },
    { name: "closed_at", label: "records:field.closed_at", kind: "instant", isReadOnly: true },
    {
      name: "forecast_category",
      label: "records:field.forecast_category",
      kind: "choice",
      choices: ["pipeline", "best_case", "commit", "omitted"],
      choiceLabels: "records:forecast.",
    },
    {
      name: "lost_reason",
      label: "records:field.lost_reason",
      kind: "choice",
      choices: [
        "price",
        "competitor",
        "no_budget",
        "no_decision",
        "timing",
        "lost_contact",
        "other",
      ],
      choiceLabels: "records:lostReason.",
      appliesTo: isLost,
    },
    {
      name: "lost_note",
      label: "records:field.lost_note",
      kind: "text",
      isWide: true,
      appliesTo: isLost,
    },
    { name: "competitor", label: "records:field.competitor", kind: "text" },
    { name: "next_step", label: "records:field.next_step", kind: "text", isWide: true },
    { name: "description", label: "records:field.description", kind: "longText", isWide: true },
    nextStep(isOpen),
    ...headFields,
  ],
  columns: [
    { field: "name", width: 240, sortKey: "name" },
    { field: "customer_id", width: 220 },
    { field: "stage_id", width: 120 },
    { field: "stale", width: 100, sortKey: "stale_at" },
    { field: "amount", width: 130, sortKey: "amount" },
    { field: "expected_close_on", width: 140, sortKey: "expected_close_on" },
    nextStepColumn,
    { field: "owner_id", width: 130 },
    { field: "tags", width: 150 },
    { field: "updated_at", width: 110, sortKey: "updated_at" },
    { field: "probability", width: 90, isHiddenAtFirst: true },
    { field: "weighted_amount", width: 130, isHiddenAtFirst: true },
    { field: "next_step", width: 200, isHiddenAtFirst: true },
    { field: "primary_contact_id", width: 140, isHiddenAtFirst: true },
    { field: "closed_at", width: 110, sortKey: "closed_at", isHiddenAtFirst: true },
    { field: "source", width: 110, isHiddenAtFirst: true },
    { field: "number", width: 90, sortKey: "number", isHiddenAtFirst: true },
    { field: "created_at", width: 110, sortKey: "created_at", isHiddenAtFirst: true },
    lastActivityColumn,
  ],
  facets: facetFields.opportunities,
  views: [
    allView,
    mineView,
    { id: "open", label: "records:view.openOpportunities", filter: 'category = "open"' },
    {
      id: "overdue",
      label: "records:view.overdue",
      filter: 'category = "open" AND next_activity_at < @today',
    },
    {
      id: "stepless",
      label: "records:view.stepless",
      filter: 'category = "open" AND next_activity_at IS NULL',
    },
    {
      id: "stale",
      label: "records:view.stale",
      filter: "(warn_at <= @now OR stale_at <= @now)",
      sort: "stale_at",
    },
    { id: "won", label: "records:view.won", filter: 'category = "won"' },
  ],
  sections: [
    {
      label: "records:section.basics",
      fields: [
        "name",
        "customer_id",
        "amount",
        "expected_close_on",
        "probability",
        "forecast_category",
        "owner_id",
        "next_step",
        "contacts",
      ],
    },
    { label: "records:section.end", fields: ["closed_on", "lost_reason", "lost_note"] },
    {
      label: "records:section.more",
      fields: ["source", "competitor", "engaged_on", "tags", "description", "external_ids"],
    },
  ],
  defaults: {},
  quick: ["name", "customer_id", "amount", "expected_close_on", "owner_id"],
  related: [],
};
