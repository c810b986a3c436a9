import type { ActivityTemplate } from "@/api/activity-templates";
import type { Board, BoardColumn } from "@/api/board";
import type { Job, JobItem } from "@/api/jobs";
import type { Notification } from "@/api/notifications";
import type { MyPool, Pool } from "@/api/pools";
import type {
  Activity,
  Contact,
  Customer,
  Lead,
  Me,
  Money,
  Opportunity,
  Permission,
  Pipeline,
  Stage,
} from "@/api/types";

const head = {
  number: 1,
  owner_id: "u-amy",
  owner: { id: "u-amy", name: "Amy Liu" },
  team_id: null,
  tags: [],
  custom: {},
  external_ids: [],
  source: null,
  created_by: null,
  updated_by: null,
  version: 1,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
  last_activity_at: null,
  next_activity_at: null,
  deleted_at: null,
  can: { edit: true, delete: true, assign: true },
};

/** An amount in yuan. */
export function yuan(amount: string): Money {
  return { amount, currency: "CNY" };
}

/** A stage of the pipeline `p-1`. */
export function stage(id: string, values: Partial<Stage> = {}): Stage {
  return {
    id,
    pipeline_id: "p-1",
    name: id,
    names: {},
    category: "open",
    probability: 20,
    color: "blue",
    position: 1,
    expected_days: null,
    warning_days: null,
    required_fields: [],
    version: 1,
    ...values,
  };
}

/** Two open stages and two ends. */
export const stages = [
  stage("s-new", { name: "New", color: "gray", probability: 10 }),
  stage("s-quote", { name: "Quoted", color: "amber", probability: 60, position: 2 }),
  stage("s-won", { name: "Won", category: "won", color: "green", probability: 100, position: 3 }),
  stage("s-lost", { name: "Lost", category: "lost", color: "red", probability: 0, position: 4 }),
];

/** The pipeline with `stages`. */
export function pipeline(values: Partial<Pipeline> = {}): Pipeline {
  return {
    id: "p-1",
    name: "Sales",
    names: {},
    is_default: true,
    position: 1,
    is_active: true,
    version: 1,
    stages,
    ...values,
  };
}

/** An opportunity in a stage of `stages`. */
export function opportunity(
  id: string,
  stageId: string,
  values: Partial<Opportunity> = {},
): Opportunity {
  const at = stages.find((candidate) => candidate.id === stageId) ?? stage(stageId);
  return {
    ...head,
    id,
    name: `Deal ${id}`,
    customer_id: `c-${id}`,
    customer: { id: `c-${id}`, name: `Customer ${id}` },
    primary_contact_id: null,
    primary_contact: null,
    contacts: [],
    last_open_stage_id: null,
    closed_on: null,
    engaged_on: null,
    pipeline_id: "p-1",
    stage_id: at.id,
    stage: at,
    category: at.category,
    amount: yuan("1000.00"),
    weighted_amount: yuan("100.00"),
    probability: at.probability,
    probability_source: "stage",
    expected_close_on: null,
    stage_entered_at: "2026-11-01T08:00:00Z",
    warn_at: null,
    stale_at: null,
    stale: "none",
    closed_at: null,
    forecast_category: null,
    lost_reason: null,
    lost_note: null,
    competitor: null,
    next_step: null,
    description: null,
    origin_lead_id: null,
    ...values,
  };
}

/** A column of the board with its cards. */
export function column(at: Stage, records: Opportunity[], values: Partial<BoardColumn> = {}) {
  return {
    stage: at,
    count: records.length,
    sums: [yuan(`${records.length * 1000}.00`)],
    weighted_sums: [yuan(`${records.length * 100}.00`)],
    records,
    next_cursor: null,
    ...values,
  };
}

/** A board over `stages` with the given cards. */
export function board(cards: Opportunity[]): Board {
  return {
    data: stages.map((at) =>
      column(
        at,
        cards.filter((card) => card.stage_id === at.id),
      ),
    ),
  };
}

/** A lead that may be converted. */
export function lead(id: string, values: Partial<Lead> = {}): Lead {
  return {
    ...head,
    can: { ...head.can, convert: true },
    id,
    name: "王小明",
    family_name: "王",
    given_name: "小明",
    company_name: "云栖餐饮",
    title: "采购经理",
    email: "wang@example.com",
    phone: "13800138000",
    phone_e164: "+8613800138000",
    domain: null,
    website: null,
    utm: null,
    recycle_count: 0,
    first_response_due_at: null,
    first_responded_at: null,
    response: "none",
    industry: null,
    employees: null,
    region: null,
    city: null,
    address_line: null,
    estimated_amount: yuan("50000.00"),
    interest: null,
    source_detail: null,
    status: "working",
    status_category: "working",
    rating: "warm",
    rating_by: "person",
    score: 0,
    disqualified_reason: null,
    disqualified_note: null,
    revisit_on: null,
    conversion: null,
    ...values,
  };
}

/** A customer that Amy owns, in no danger. */
export function customer(id: string, values: Partial<Customer> = {}): Customer {
  return {
    ...head,
    can: { ...head.can, release: true, lock: true },
    id,
    name: "云栖餐饮",
    kind: "company",
    relation: "prospect",
    lifecycle: "prospect",
    level: null,
    industry: null,
    employees: null,
    annual_revenue: null,
    website: null,
    domain: null,
    phone: null,
    phone_e164: null,
    email: null,
    tax_id: null,
    address: null,
    parent_id: null,
    parent: null,
    primary_contact_id: null,
    primary_contact: null,
    description: null,
    origin_lead_id: null,
    pool_id: null,
    pool: null,
    pooled_at: null,
    pool_reason: null,
    pool_rule: null,
    previous_owner: null,
    release_at: null,
    release_rule: null,
    release_soon: false,
    locked_until: null,
    ...values,
  };
}

/** A customer that lies in the pool `w-east`, where Amy may claim and allot it. */
export function pooled(id: string, values: Partial<Customer> = {}): Customer {
  return customer(id, {
    can: { ...head.can, claim: true, allot: true },
    owner_id: null,
    owner: null,
    pool_id: "w-east",
    pool: { id: "w-east", name: "East" },
    pooled_at: "2026-11-01T08:00:00Z",
    pool_reason: "No need at present",
    previous_owner: { id: "u-bo", name: "Bo" },
    ...values,
  });
}

/** A pool as it is configured. */
export function pool(id: string, values: Partial<Pool> = {}): Pool {
  return {
    id,
    name: id,
    team: null,
    is_default: false,
    is_active: true,
    release: { no_activity_days: null, no_opportunity_days: null, not_won_days: null },
    warn_days: 3,
    owned_cap: null,
    claims_per_day: null,
    cooldown_days: 0,
    customers: 0,
    version: 4,
    ...values,
  };
}

/** The pool that serves Amy. */
export function myPool(values: Partial<MyPool> = {}): MyPool {
  return {
    id: "w-east",
    name: "East",
    customers: 1284,
    owned: 42,
    owned_cap: 50,
    claimed_today: 2,
    claims_per_day: 5,
    cooldown_days: 7,
    warn_days: 3,
    release_soon: 0,
    ...values,
  };
}

/** A contact with one phone number and one customer. */
export function contact(id: string, values: Partial<Contact> = {}): Contact {
  return {
    ...head,
    id,
    name: "王小明",
    family_name: "王",
    given_name: "小明",
    salutation: null,
    job_title: "采购经理",
    department: null,
    decision_role: null,
    emails: [],
    phones: [{ kind: "mobile", value: "13800138000", e164: "+8613800138000", primary: true }],
    email: null,
    phone: "13800138000",
    wechat: null,
    birthday: null,
    preferred_channel: null,
    preferred_language: null,
    time_zone: null,
    do_not_call: false,
    do_not_email: false,
    customers: [{ customer_id: "c-1", name: "云栖餐饮", role: null, primary: true }],
    customer_id: "c-1",
    customer: { id: "c-1", name: "云栖餐饮" },
    reports_to_id: null,
    reports_to: null,
    origin_lead_id: null,
    notes: null,
    ...values,
  };
}

/** A task that is to be done, about the lead `l-1`. */
export function activity(id: string, values: Partial<Activity> = {}): Activity {
  return {
    ...head,
    id,
    name: `Task ${id}`,
    kind: "task",
    status: "open",
    priority: "normal",
    body: null,
    direction: null,
    outcome: null,
    happened_at: null,
    due_at: null,
    duration_minutes: null,
    about: [{ type: "lead", id: "l-1", name: "王小明" }],
    participants: [],
    mentions: [],
    attachments: [],
    reminder_at: null,
    repeat: null,
    next_id: null,
    ...values,
  };
}

/** A template of a call that is for everybody. */
export function template(id: string, values: Partial<ActivityTemplate> = {}): ActivityTemplate {
  return {
    id,
    name: id,
    is_shared: true,
    position: 0,
    kind: "call",
    subject: null,
    body: null,
    direction: null,
    outcome: null,
    priority: null,
    duration_minutes: null,
    follow_up_days: null,
    follow_up_name: null,
    version: 3,
    created_at: head.created_at,
    updated_at: head.updated_at,
    ...values,
  };
}

/** An unread notification that Bo mentioned the user, in a note about the lead `l-1`. */
export function notification(id: string, values: Partial<Notification> = {}): Notification {
  const now = new Date().toISOString();
  return {
    id,
    kind: "mentioned",
    created_at: now,
    read_at: null,
    snoozed_until: null,
    actor: { id: "u-bo", name: "Bo Chen" },
    record: { type: "lead", id: "l-1", name: "王小明" },
    activity: { id: "a-1", name: "Ask @Amy Liu" },
    job: null,
    handover: null,
    subject: "activity",
    due_at: null,
    count: 1,
    ...values,
  };
}

/** A job of Amy's that converts twelve leads, and has not begun. */
export function job(id: string, values: Partial<Job> = {}): Job {
  return {
    id,
    kind: "convert_leads",
    status: "queued",
    position: 2,
    progress: { done: 0, total: 12 },
    counts: { succeeded: 0, failed: 0, skipped: 0 },
    left_out: {},
    request: {
      customer: "link_best",
      contact: "link_best",
      opportunity: "create",
      fill: "blank_only",
      on_duplicate: "fail",
      open_tasks: "move",
    },
    error: null,
    created_by: { id: "u-amy", name: "Amy Liu" },
    created_at: "2026-11-20T08:00:00Z",
    started_at: null,
    finished_at: null,
    cancelled_at: null,
    cancelled_by: null,
    can_cancel: true,
    ...values,
  };
}

/** A lead that a job has not come to yet. */
export function jobItem(position: number, values: Partial<JobItem> = {}): JobItem {
  return {
    position,
    record: { type: "lead", id: `l-${position}`, name: `Lead ${position}` },
    state: "pending",
    made: [],
    notes: [],
    candidates: [],
    problem: null,
    done_at: null,
    ...values,
  };
}

const OWNED = ["customer", "contact", "lead", "opportunity", "activity"] as const;
const CONFIGURED = ["user", "team", "role", "configuration", "api_key"] as const;
const ACTIONS = ["view", "create", "edit", "delete", "assign", "convert"] as const;

/** What an administrator may do. */
export const everything: Permission[] = [
  ...OWNED.flatMap((type) => ACTIONS.map((action): Permission => ({ type, action, scope: "all" }))),
  ...CONFIGURED.flatMap((type) =>
    (["view", "configure"] as const).map((action): Permission => ({ type, action, scope: "all" })),
  ),
];

/** The signed-in user. */
export function me(values: Partial<Me> = {}): Me {
  return {
    id: "u-amy",
    name: "Amy Liu",
    email: "amy@example.com",
    language: "en",
    time_zone: "Asia/Shanghai",
    theme: "system",
    team_id: null,
    team: null,
    manager_id: null,
    roles: [{ id: "r-admin", key: "admin", name: "Administrator" }],
    permissions: everything,
    organisation: {
      name: "Acme",
      currency: "CNY",
      language: "en",
      time_zone: "Asia/Shanghai",
      lead_response_hours: 24,
      stale_grace_days: 2,
      lead_warm_from: 30,
      lead_hot_from: 60,
      version: 1,
    },
    version: 1,
    ...values,
  };
}
