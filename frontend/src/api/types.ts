/** The shapes of the published API, by the names the frontend uses. */
import type { components } from "./schema";

export type Schemas = components["schemas"];

/** Every member there, as the server sends it; the document marks some as optional that are only nullable. */
export type Whole<T> = { [Key in keyof T]-?: Exclude<T[Key], undefined> };

/** A published shape with some members told more closely than the document does. */
export type Narrow<
  Name extends keyof Schemas,
  Members extends Partial<Record<keyof Schemas[Name], unknown>>,
> = Omit<Whole<Schemas[Name]>, keyof Members> & Members;

/** The same for what is sent: members that may be left out stay so. */
export type Narrowed<
  Name extends keyof Schemas,
  Members extends Partial<Record<keyof Schemas[Name], unknown>>,
> = Omit<Schemas[Name], keyof Members> & Members;

export type Money = Schemas["MoneyAmount"];
export type Ref = Schemas["NamedRef"];
// Both are also written, and then only in part.
export type Address = Partial<Schemas["Address"]>;
export type Names = Partial<Schemas["Names"]>;
export type Sum = Schemas["SumView"];
export type FieldChange = Schemas["FieldChangeView"];
export type DirectoryUser = Schemas["DirectoryEntry"];
export type Session = Schemas["SessionView"];
/** Of what the user may do with a record, what is told of every type of it. */
type Certain = "edit" | "delete" | "assign";
/** What the user may do with a record; only leads can be converted, only customers lie in pools. */
export type Can = Pick<Schemas["CanView"], Certain> & Partial<Omit<Schemas["CanView"], Certain>>;
export type Conversion = Schemas["LeadConversion"];

/** A condition in the JSON form of the filter language. */
export type Condition =
  | { and: Condition[] }
  | { or: Condition[] }
  | { not: Condition }
  | { field: string; any: Condition }
  | { field: string; op: string; value?: unknown };

/** The records people own; also the collections of the API. */
export type RecordType = "customers" | "contacts" | "leads" | "opportunities";

/** Why a customer goes back to its pool by itself. */
type ReleaseRule = "no_activity" | "no_opportunity" | "not_won";

export type Customer = Narrow<
  "Customer",
  {
    kind: "company" | "person";
    relation: "prospect" | "customer" | "former" | "partner" | "supplier" | "competitor";
    lifecycle: "prospect" | "active" | "dormant" | "lost" | "deregistered";
    level: "A" | "B" | "C" | "D" | null;
    pool_rule: ReleaseRule | null;
    release_rule: ReleaseRule | null;
    address: Address | null;
    can: Can;
  }
>;

export type ContactEmail = Partial<Schemas["EmailEntry"]> &
  Pick<Schemas["EmailEntry"], "kind" | "value" | "primary">;
export type ContactPhone = Omit<Schemas["Phone"], "e164"> & { e164?: string | null };
export type Birthday = Schemas["Birthday"];
export type Utm = Schemas["Utm"];
export type Stakeholder = Schemas["Stakeholder"];
export type ExternalKey = Schemas["ExternalKey"];
export type CustomerLink = Partial<Schemas["CustomerLink"]> &
  Pick<Schemas["CustomerLink"], "customer_id" | "primary">;

export type Contact = Narrow<
  "Contact",
  { emails: ContactEmail[]; phones: ContactPhone[]; customers: CustomerLink[]; can: Can }
>;

export type LeadCategory = Schemas["LeadStatusCategory"];

export type Lead = Narrow<
  "Lead",
  {
    status_category: LeadCategory;
    rating: "hot" | "warm" | "cold" | null;
    /** Whose word the rating is. */
    rating_by: "person" | "rules" | null;
    response: "none" | "due" | "overdue";
    can: Can;
  }
>;

export type StageCategory = Schemas["StageCategory"];

export type Opportunity = Narrow<
  "Opportunity",
  {
    category: StageCategory;
    stale: "none" | "yellow" | "red";
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
  page: Schemas["PageInfo"];
  meta?: Schemas["ListMeta"];
}

/** A record type as references, search results and the trash name it. */
export type Singular = "customer" | "contact" | "lead" | "opportunity";

export type ActivityKind = "call" | "email" | "meeting" | "visit" | "message" | "note" | "task";
export type Direction = "inbound" | "outbound";
export type Priority = "low" | "normal" | "high";
export type Outcome =
  | "reached"
  | "not_reached"
  | "left_message"
  | "interested"
  | "not_interested"
  | "wrong_number";

/** A record an activity is about; without a name it is one the user may not see. */
export interface About {
  type: Singular;
  id: string;
  name: string | null;
}

/** Somebody who took part; without a name one the user may not see. */
export interface Participant {
  type: "contact" | "user";
  id: string;
  name: string | null;
}

/** How a task comes again after it was done. */
export interface Repeat {
  every: "day" | "week" | "month" | "year";
  interval: number;
  /** The last date it may fall on. */
  until: string | null;
}

/** A file at an activity. */
export type Attachment = Whole<Schemas["Attachment"]>;

/** What was done, or is to be done. */
export type Activity = Narrow<
  "Activity",
  {
    kind: ActivityKind;
    status: "open" | "done" | "cancelled";
    priority: Priority;
    direction: Direction | null;
    outcome: Outcome | null;
    about: About[];
    participants: Participant[];
    /** Who is mentioned in the text, by their present names. */
    mentions: Ref[];
    attachments: Attachment[];
    /** When its owner is reminded; null is when it is due. */
    reminder_at: string | null;
    repeat: Repeat | null;
    /** The task that came of this one when it was done. */
    next_id: string | null;
    can: Can;
  }
>;

/** What is written of an activity; `follow_up` plans the next step in the same breath. */
export interface ActivityInput {
  kind: ActivityKind;
  name: string | null;
  body: string | null;
  direction: Direction | null;
  outcome: Outcome | null;
  happened_at: string | null;
  due_at: string | null;
  reminder_at: string | null;
  duration_minutes: number | null;
  status: Activity["status"];
  priority: Priority;
  owner_id: string | null;
  about: Pick<About, "type" | "id">[];
  participants: Pick<Participant, "type" | "id">[];
  repeat: Repeat | null;
  /** Files by their ids: those that are to be attached from now on. */
  attachments: string[];
  follow_up: { due_at: string; name?: string } | null;
}

/** Something in the life of a record: an activity, or a change of the record. */
export type TimelineEntry = Narrow<
  "TimelineEntry",
  {
    type: "activity" | "change";
    activity: Activity | null;
    change: HistoryEntry | null;
    from: About | null;
  }
>;

export type SummaryRow = Narrow<
  "GroupView",
  { key: Record<string, string | number | boolean | null> }
>;
export type HistoryEntry = Narrow<
  "ChangeView",
  {
    action:
      | "create"
      | "update"
      | "delete"
      | "restore"
      | "move"
      | "convert"
      | "undo"
      | "respond"
      | "assign_by_rule"
      | "claim"
      | "release"
      | "allot"
      | "lock"
      | "handover"
      | "handover_undo"
      | "follow";
  }
>;
export type BatchResult = Schemas["BatchResult"];
export type TrashEntry = Narrow<"TrashedRecord", { type: Singular | "activity" }>;
export type SearchHit = Narrow<"SearchHit", { type: Singular }>;

export type LeadStatus = Whole<Schemas["LeadStatus"]>;
export type Source = Whole<Schemas["Source"]>;
export type Stage = Whole<Schemas["Stage"]>;
export type Pipeline = Narrow<"Pipeline", { stages: Stage[] }>;

export type Permission = Schemas["GrantView"];
export type Organisation = Whole<Schemas["Organisation"]>;
export type Me = Narrow<"MeView", { organisation: Organisation }>;
