/** The shapes of the published API, by the names the frontend uses. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** Every member there, as the server sends it; the document marks some as optional that are only nullable. */
type Whole<T> = { [Key in keyof T]-?: Exclude<T[Key], undefined> };

/** A published shape with some members told more closely than the document does. */
type Narrow<
  Name extends keyof Schemas,
  Members extends Partial<Record<keyof Schemas[Name], unknown>>,
> = Omit<Whole<Schemas[Name]>, keyof Members> & Members;

export type Money = Schemas["MoneyAmount"];
export type Ref = Schemas["NamedRef"];
// Both are also written, and then only in part.
export type Address = Partial<Schemas["Address"]>;
export type Names = Partial<Schemas["Names"]>;
export type Sum = Schemas["SumView"];
export type FieldChange = Schemas["FieldChangeView"];
export type DirectoryUser = Schemas["DirectoryEntry"];
export type Session = Schemas["SessionView"];
/** What the user may do with a record; only leads can be converted. */
export type Can = Omit<Schemas["CanView"], "convert"> & { convert?: boolean };
export type Conversion = Schemas["LeadConversion"];

/** The records people own; also the collections of the API. */
export type RecordType = "customers" | "contacts" | "leads" | "opportunities";

export type Customer = Narrow<
  "Customer",
  {
    kind: "company" | "person";
    relation: "prospect" | "customer" | "former" | "partner" | "supplier" | "competitor";
    lifecycle: "prospect" | "active" | "dormant" | "lost" | "deregistered";
    level: "A" | "B" | "C" | "D" | null;
    address: Address | null;
    can: Can;
  }
>;

export type ContactEmail = Partial<Schemas["EmailEntry"]> &
  Pick<Schemas["EmailEntry"], "kind" | "value" | "primary">;
export type ContactPhone = Omit<Schemas["Phone"], "e164"> & { e164?: string | null };
export type CustomerLink = Partial<Schemas["CustomerLink"]> &
  Pick<Schemas["CustomerLink"], "customer_id" | "primary">;

export type Contact = Narrow<
  "Contact",
  { emails: ContactEmail[]; phones: ContactPhone[]; customers: CustomerLink[]; can: Can }
>;

export type LeadCategory =
  | "new"
  | "working"
  | "nurturing"
  | "qualified"
  | "converted"
  | "disqualified";

export type Lead = Narrow<
  "Lead",
  { status_category: LeadCategory; rating: "hot" | "warm" | "cold" | null; can: Can }
>;

export type StageCategory = "open" | "won" | "lost" | "void";

export type Opportunity = Narrow<
  "Opportunity",
  {
    category: StageCategory;
    stage: Omit<Schemas["StageRef"], "category"> & { category: StageCategory };
    customer: Ref;
    can: Can;
  }
>;

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

export interface SummaryRow {
  key: Record<string, string | number | boolean | null>;
  count: number;
  sums: Sum[];
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
