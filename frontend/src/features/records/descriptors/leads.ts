import type { AnyRecord, Lead } from "@/api/types";
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

const OVER = ["converted", "disqualified"];
const WAITING = 'status_category = "new" AND first_responded_at IS NULL';

function isBeingWorked(record: AnyRecord): boolean {
  return !OVER.includes((record as Lead).status_category);
}

/** Without rules every score is nothing, which is not worth telling. */
function scoreOf(record: AnyRecord): number | null {
  const { rating_by, score } = record as Lead;
  return rating_by === "rules" || score !== 0 ? score : null;
}

/** Those who might buy, before anyone has checked. */
export const leads: Descriptor = {
  type: "leads",
  singular: "lead",
  avatarKind: "person",
  defaultSort: "-created_at",
  amountField: "estimated_amount",
  statusField: "status",
  alertField: "response",
  badgeField: "rating",
  openFields: (record) =>
    (record as Lead).status_category === "converted" ? ["tags", "interest"] : null,
  subtitle: (record) => {
    const lead = record as Lead;
    const company = lead.company_name === lead.name ? null : lead.company_name;
    return [company, lead.title].filter(Boolean).join(" · ") || null;
  },
  fields: [
    { name: "name", label: "records:field.name", kind: "text", isReadOnly: true },
    { name: "family_name", label: "records:field.family_name", kind: "text" },
    { name: "given_name", label: "records:field.given_name", kind: "text" },
    { name: "company_name", label: "records:field.company_name", kind: "text", isWide: true },
    { name: "title", label: "records:field.job_title", kind: "text" },
    { name: "email", label: "records:field.email", kind: "email" },
    { name: "phone", label: "records:field.phone", kind: "phone" },
    { name: "website", label: "records:field.website", kind: "url" },
    { name: "industry", label: "records:field.industry", kind: "text" },
    { name: "employees", label: "records:field.employees", kind: "integer" },
    { name: "region", label: "records:field.region", kind: "text" },
    { name: "city", label: "records:field.city", kind: "text" },
    { name: "address_line", label: "records:field.address_line", kind: "text", isWide: true },
    { name: "estimated_amount", label: "records:field.estimated_amount", kind: "money" },
    { name: "interest", label: "records:field.interest", kind: "longText", isWide: true },
    { name: "source_detail", label: "records:field.source_detail", kind: "text" },
    { name: "utm", label: "records:field.utm", kind: "utm", isWide: true },
    { name: "status", label: "records:field.status", kind: "leadStatus", isNeverEmpty: true },
    {
      name: "response",
      label: "records:field.response",
      kind: "alert",
      isReadOnly: true,
      choices: ["due", "overdue"],
      choiceLabels: "records:response.",
      choiceColours: { due: "blue", overdue: "red" },
      conditions: {
        due: `(${WAITING} AND first_response_due_at >= @now)`,
        overdue: `(${WAITING} AND first_response_due_at < @now)`,
      },
      moments: {
        due: { member: "first_response_due_at", label: "records:answerBy" },
        overdue: { member: "first_response_due_at", label: "records:answerBy" },
      },
    },
    {
      name: "rating",
      label: "records:field.rating",
      kind: "choice",
      choices: ["hot", "warm", "cold"],
      choiceLabels: "records:rating.",
      choiceColours: { hot: "red", warm: "amber", cold: "blue" },
      isBadge: true,
      figure: scoreOf,
      authorMember: "rating_by",
      emptyLabel: "records:ratedByRules",
    },
    { name: "score", label: "records:field.score", kind: "integer", isReadOnly: true },
    {
      name: "disqualified_reason",
      label: "records:field.disqualified_reason",
      kind: "choice",
      choices: [
        "no_need",
        "no_budget",
        "no_authority",
        "wrong_contact",
        "duplicate",
        "competitor",
        "other",
      ],
      choiceLabels: "records:disqualifiedReason.",
    },
    { name: "disqualified_note", label: "records:field.disqualified_note", kind: "text" },
    { name: "revisit_on", label: "records:field.revisit_on", kind: "date" },
    nextStep(isBeingWorked),
    ...headFields,
  ],
  columns: [
    { field: "name", width: 180, sortKey: "name" },
    { field: "company_name", width: 240 },
    { field: "status", width: 110 },
    { field: "response", width: 120, sortKey: "first_response_due_at" },
    { field: "rating", width: 100 },
    { field: "score", width: 80, sortKey: "score", isHiddenAtFirst: true },
    nextStepColumn,
    { field: "estimated_amount", width: 120 },
    { field: "owner_id", width: 130 },
    { field: "source", width: 110 },
    { field: "phone", width: 140 },
    { field: "tags", width: 150 },
    { field: "created_at", width: 110, sortKey: "created_at" },
    { field: "email", width: 200, isHiddenAtFirst: true },
    { field: "title", width: 120, isHiddenAtFirst: true },
    { field: "industry", width: 120, isHiddenAtFirst: true },
    { field: "city", width: 100, isHiddenAtFirst: true },
    { field: "updated_at", width: 110, sortKey: "updated_at", isHiddenAtFirst: true },
    { field: "number", width: 90, sortKey: "number", isHiddenAtFirst: true },
    lastActivityColumn,
  ],
  facets: facetFields.leads,
  views: [
    allView,
    mineView,
    {
      id: "open",
      label: "records:view.openLeads",
      filter: 'status_category NOT IN ("converted", "disqualified")',
    },
    {
      id: "hot",
      label: "records:view.hot",
      filter: 'rating = "hot" AND status_category NOT IN ("converted", "disqualified")',
      sort: "-score",
    },
    {
      id: "overdue",
      label: "records:view.overdue",
      filter: 'status_category NOT IN ("converted", "disqualified") AND next_activity_at < @today',
    },
    {
      id: "unanswered",
      label: "records:view.unanswered",
      filter: `${WAITING} AND first_response_due_at < @now`,
      sort: "first_response_due_at",
    },
    {
      id: "stepless",
      label: "records:view.stepless",
      filter: 'status_category NOT IN ("converted", "disqualified") AND next_activity_at IS NULL',
    },
    { id: "unassigned", label: "records:view.unassigned", filter: "owner_id IS NULL" },
    { id: "converted", label: "records:view.converted", filter: 'status_category = "converted"' },
  ],
  sections: [
    {
      label: "records:section.basics",
      fields: [
        "family_name",
        "given_name",
        "company_name",
        "title",
        "status",
        "rating",
        "owner_id",
        "estimated_amount",
        "interest",
        "tags",
      ],
    },
    { label: "records:section.reach", fields: ["phone", "email", "website"] },
    { label: "records:section.origin", fields: ["source", "source_detail", "utm"] },
    {
      label: "records:section.more",
      fields: [
        "industry",
        "employees",
        "region",
        "city",
        "address_line",
        "revisit_on",
        "disqualified_reason",
        "disqualified_note",
        "external_ids",
      ],
    },
  ],
  defaults: {},
  quick: [
    "family_name",
    "given_name",
    "company_name",
    "phone",
    "email",
    "estimated_amount",
    "source",
    "owner_id",
  ],
  related: [],
};
