import type {
  Candidate,
  ConversionMode,
  ConversionPreview,
  ConversionRequest,
  ConvertedKind,
  OpenTasks,
} from "@/api/conversion";
import { isEmptyValue } from "@/features/records/model";
import { fieldsPayload, proposedValues, type Values } from "./fields";

export const KINDS: ConvertedKind[] = ["customer", "contact", "opportunity"];

/** What the user has chosen for one of the three records. */
export interface PartPlan {
  mode: ConversionMode;
  /** The record to link. */
  linked: { id: string; name: string } | null;
  /** Values the user typed, or took over from the lead against a linked record. */
  edits: Values;
}

/** Everything the dialog holds. */
export type Plan = Record<ConvertedKind, PartPlan> & {
  fill: ConversionRequest["fill"];
  pipeline_id: string | null;
  stage_id: string | null;
  open_tasks: OpenTasks;
};

/** From this score on a candidate is taken for the same. */
const SAME = 80;

/** The candidates of one of the three. */
export function candidatesOf(preview: ConversionPreview, kind: ConvertedKind): Candidate[] {
  const lists = {
    customer: preview.candidates.customers,
    contact: preview.candidates.contacts,
    opportunity: preview.candidates.opportunities,
  };
  return lists[kind] ?? [];
}

/** Whether the caller may create one of the three. */
export function mayCreate(preview: ConversionPreview, kind: ConvertedKind): boolean {
  return !preview.forbidden.includes(`create_${kind}`);
}

function startOf(preview: ConversionPreview, kind: ConvertedKind): PartPlan {
  const best = candidatesOf(preview, kind)[0];
  const isSure = kind !== "opportunity" && best !== undefined && (best.score ?? 0) >= SAME;
  if (isSure) return { mode: "link", linked: { id: best.id, name: best.name }, edits: {} };
  const hasProposal = !isEmptyValue(preview.proposed[kind] ?? null);
  const mode = hasProposal && mayCreate(preview, kind) ? "create" : "none";
  return { mode, linked: null, edits: {} };
}

/** What the dialog proposes: link what is surely the same, create the rest. */
export function firstPlan(preview: ConversionPreview): Plan {
  return {
    customer: startOf(preview, "customer"),
    contact: startOf(preview, "contact"),
    opportunity: startOf(preview, "opportunity"),
    fill: "blank_only",
    pipeline_id: null,
    stage_id: null,
    open_tasks: "move",
  };
}

/** The values of a form: what the server proposes, with the edits over it. */
export function valuesOf(preview: ConversionPreview, kind: ConvertedKind, part: PartPlan): Values {
  return { ...proposedValues(kind, preview.proposed[kind]), ...part.edits };
}

function stageOf(plan: Plan): Values {
  return {
    ...(plan.pipeline_id !== null && { pipeline_id: plan.pipeline_id }),
    ...(plan.stage_id !== null && { stage_id: plan.stage_id }),
  };
}

function partOf(preview: ConversionPreview | null, kind: ConvertedKind, plan: Plan) {
  const part = plan[kind];
  if (part.mode === "none") return { mode: part.mode };
  const base = part.mode === "create" && preview ? preview.proposed[kind] : null;
  const typed = fieldsPayload(kind, proposedValues(kind, base), part.edits);
  const fields =
    kind === "opportunity" && part.mode === "create" ? { ...typed, ...stageOf(plan) } : typed;
  return {
    mode: part.mode,
    ...(part.mode === "link" && { id: part.linked?.id }),
    ...(Object.keys(fields).length > 0 && { fields }),
  };
}

/** The request the plan stands for. */
export function requestOf(plan: Plan, preview: ConversionPreview): ConversionRequest {
  return {
    customer: partOf(preview, "customer", plan),
    contact: partOf(preview, "contact", plan),
    opportunity: partOf(preview, "opportunity", plan),
    fill: plan.fill,
    ...(plan.open_tasks !== "move" && { open_tasks: plan.open_tasks }),
  };
}

/** What the preview must know: which records are linked, and how they are filled. */
export function previewRequest(plan: Plan | null): Partial<ConversionRequest> {
  if (plan === null) return {};
  const part = (kind: ConvertedKind) => {
    const { mode, linked } = plan[kind];
    return mode === "link" ? { mode, id: linked?.id } : { mode };
  };
  const hasAll = KINDS.every((kind) => plan[kind].mode !== "link" || plan[kind].linked !== null);
  if (!hasAll) return {};
  return {
    customer: part("customer"),
    contact: part("contact"),
    opportunity: part("opportunity"),
    fill: plan.fill,
  };
}

/** What keeps the plan from being sent, as translation keys by record. */
export function obstacles(
  plan: Plan,
  preview: ConversionPreview,
): Partial<Record<ConvertedKind | "all", string>> {
  const wrong: Partial<Record<ConvertedKind | "all", string>> = {};
  for (const kind of KINDS) {
    if (plan[kind].mode === "link" && !plan[kind].linked) wrong[kind] = "conversion:chooseRecord";
  }
  if (KINDS.every((kind) => plan[kind].mode === "none")) wrong.all = "conversion:nothingToDo";
  if (plan.opportunity.mode === "create" && plan.customer.mode === "none") {
    wrong.opportunity = "conversion:needsCustomer";
  }
  const named = (kind: ConvertedKind, names: string[]) => {
    const values = valuesOf(preview, kind, plan[kind]);
    return plan[kind].mode !== "create" || names.some((name) => !isEmptyValue(values[name]));
  };
  if (!named("customer", ["name"])) wrong.customer = "conversion:needsName";
  if (!named("contact", ["family_name", "given_name"])) wrong.contact = "conversion:needsName";
  if (!named("opportunity", ["name"])) wrong.opportunity = "conversion:needsName";
  return wrong;
}
