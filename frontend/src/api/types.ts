/** The shapes of the published API, by the names the frontend uses. */

export interface Money {
  amount: string;
  currency: string;
}

export interface Ref {
  id: string;
  name: string;
}

export interface Address {
  country?: string | null;
  region?: string | null;
  city?: string | null;
  district?: string | null;
  line?: string | null;
  postcode?: string | null;
}

/** The records people own; also the collections of the API. */
export type RecordType = "customers" | "contacts" | "leads" | "opportunities";

export interface Can {
  edit: boolean;
  delete: boolean;
  assign: boolean;
  convert?: boolean;
}

/** What every owned record has. */
export interface RecordHead {
  id: string;
  number: number;
  owner_id: string | null;
  owner: Ref | null;
  team_id: string | null;
  tags: string[];
  source: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  last_activity_at: string | null;
  next_activity_at: string | null;
  deleted_at: string | null;
  can: Can;
}

export interface Customer extends RecordHead {
  name: string;
  kind: "company" | "person";
  relation: "prospect" | "customer" | "former" | "partner" | "supplier" | "competitor";
  lifecycle: "prospect" | "active" | "dormant" | "lost" | "deregistered";
  level: "A" | "B" | "C" | "D" | null;
  industry: string | null;
  employees: number | null;
  annual_revenue: Money | null;
  website: string | null;
  domain: string | null;
  tax_id: string | null;
  phone: string | null;
  email: string | null;
  address: Address | null;
  parent_id: string | null;
  parent: Ref | null;
  primary_contact_id: string | null;
  primary_contact: Ref | null;
  description: string | null;
  origin_lead_id: string | null;
}

export interface ContactEmail {
  kind: "work" | "home" | "other";
  value: string;
  primary: boolean;
  opted_out?: boolean;
  invalid?: boolean;
}

export interface ContactPhone {
  kind: "mobile" | "work" | "home" | "other";
  value: string;
  primary: boolean;
  e164?: string | null;
}

export interface CustomerLink {
  customer_id: string;
  name?: string;
  role?: string | null;
  since?: string | null;
  until?: string | null;
  primary: boolean;
}

export interface Contact extends RecordHead {
  name: string;
  family_name: string | null;
  given_name: string | null;
  salutation: string | null;
  job_title: string | null;
  department: string | null;
  decision_role: "decision_maker" | "influencer" | "user" | "gatekeeper" | null;
  emails: ContactEmail[];
  phones: ContactPhone[];
  email: string | null;
  phone: string | null;
  wechat: string | null;
  preferred_channel: "phone" | "email" | "wechat" | null;
  preferred_language: string | null;
  time_zone: string | null;
  do_not_call: boolean;
  do_not_email: boolean;
  customers: CustomerLink[];
  customer_id: string | null;
  customer: Ref | null;
  reports_to_id: string | null;
  notes: string | null;
  origin_lead_id: string | null;
}

export type LeadCategory =
  | "new"
  | "working"
  | "nurturing"
  | "qualified"
  | "converted"
  | "disqualified";

export interface Conversion {
  id: string;
  customer_id: string | null;
  contact_id: string | null;
  opportunity_id: string | null;
  converted_at: string;
  converted_by: string | null;
  can_undo_until: string;
}

export interface Lead extends RecordHead {
  name: string;
  family_name: string | null;
  given_name: string | null;
  company_name: string | null;
  title: string | null;
  email: string | null;
  phone: string | null;
  website: string | null;
  industry: string | null;
  employees: number | null;
  region: string | null;
  city: string | null;
  address_line: string | null;
  estimated_amount: Money | null;
  interest: string | null;
  source_detail: string | null;
  status: string;
  status_category: LeadCategory;
  rating: "hot" | "warm" | "cold" | null;
  score: number | null;
  disqualified_reason: string | null;
  disqualified_note: string | null;
  revisit_on: string | null;
  conversion: Conversion | null;
}

export type StageCategory = "open" | "won" | "lost" | "void";

export interface Opportunity extends RecordHead {
  name: string;
  customer_id: string;
  customer: Ref;
  primary_contact_id: string | null;
  primary_contact: Ref | null;
  pipeline_id: string;
  stage_id: string;
  stage: { id: string; name: string; category: StageCategory; color: string; position: number };
  category: StageCategory;
  amount: Money | null;
  weighted_amount: Money | null;
  probability: number | null;
  probability_source: "stage" | "typed";
  expected_close_on: string | null;
  stage_entered_at: string;
  closed_at: string | null;
  forecast_category: "pipeline" | "best_case" | "commit" | "omitted" | null;
  lost_reason: string | null;
  lost_note: string | null;
  competitor: string | null;
  next_step: string | null;
  description: string | null;
  origin_lead_id: string | null;
}

export interface RecordByType {
  customers: Customer;
  contacts: Contact;
  leads: Lead;
  opportunities: Opportunity;
}

export type AnyRecord = RecordByType[RecordType];

/** A page of a list. */
export interface Page<T> {
  data: T[];
  page: { limit: number; has_more: boolean; next_cursor?: string | null };
  meta?: { total?: number | null; total_is_exact?: boolean | null };
}

export interface Sum {
  field: string;
  amount: string;
  currency: string | null;
}

export interface SummaryRow {
  key: Record<string, string | number | boolean | null>;
  count: number;
  sums: Sum[];
}

export interface FieldChange {
  field: string;
  old: unknown;
  new: unknown;
}

export interface HistoryEntry {
  id: string;
  at: string;
  actor: Ref | null;
  via: string;
  action: "create" | "update" | "delete" | "restore" | "move" | "convert" | "undo";
  version: number;
  changes: FieldChange[];
}

export interface BatchResult {
  index: number;
  status: number;
  id?: string | null;
  version?: number | null;
  problem?: { title?: string; detail?: string; code?: string } | null;
}

export interface TrashEntry {
  type: SearchHit["type"];
  id: string;
  name: string;
  number: number;
  deleted_at: string;
  deleted_by: Ref | null;
  purge_at: string;
}

export interface SearchHit {
  type: "customer" | "contact" | "lead" | "opportunity";
  id: string;
  number: number;
  name: string;
  detail: string | null;
  owner: Ref | null;
}

export type Names = Partial<Record<"zh-CN" | "en", string>>;

export interface LeadStatus {
  key: string;
  name: string;
  names: Names;
  category: LeadCategory;
  color: string;
  position: number;
  is_active: boolean;
  version: number;
}

export interface Source {
  key: string;
  name: string;
  names: Names;
  position: number;
  is_active: boolean;
  version: number;
}

export interface Stage {
  id: string;
  pipeline_id: string;
  name: string;
  names: Names;
  category: StageCategory;
  probability: number;
  color: string;
  position: number;
  expected_days: number | null;
  warning_days: number | null;
  required_fields: string[];
  version: number;
}

export interface Pipeline {
  id: string;
  name: string;
  names: Names;
  is_default: boolean;
  position: number;
  is_active: boolean;
  version: number;
  stages: Stage[];
}

export interface Permission {
  type: string;
  action: string;
  scope: "none" | "own" | "team" | "team_and_below" | "all";
}

export interface Me {
  id: string;
  name: string;
  email: string;
  language: "zh-CN" | "en" | null;
  time_zone: string | null;
  theme: "light" | "dark" | "system" | null;
  team_id: string | null;
  team: Ref | null;
  manager_id: string | null;
  roles: { id: string; key: string; name: string }[];
  permissions: Permission[];
  organisation: { name: string; currency: string; language: string; time_zone: string };
  version: number;
}

export interface Session {
  id: string;
  kind: "web" | "app";
  created_at: string;
  last_used_at: string;
  user_agent: string | null;
  ip: string | null;
  is_current: boolean;
}

export interface DirectoryUser {
  id: string;
  name: string;
  is_active: boolean;
}
