import {
  BATCH_SIZE,
  type BulkOperation,
  type BulkTarget,
  rereadTargets,
  sendBatch,
  targetPage,
} from "@/api/bulk";
import { asProblem } from "@/api/problem";
import type { ListQuery } from "@/api/records";
import type { AnyRecord, BatchResult, RecordType } from "@/api/types";

type Values = (target: BulkTarget) => Record<string, unknown>;

/** What is done to each record of a run. */
export type BulkChange =
  | {
      kind: "update";
      /** The members `make` and `undo` read. */
      members: string[];
      make: Values;
      undo: Values;
    }
  | { kind: "delete" }
  | { kind: "restore" }
  | {
      /** Takes customers out of their pool or puts them there; what others do then no undo could take back. */
      kind: "move";
      action: "claim" | "allot" | "release";
      data?: Record<string, unknown>;
    };

/** What is done in a word, under which its texts are kept. */
export function verbOf(change: BulkChange) {
  return change.kind === "move" ? change.action : change.kind;
}

/** Which records a run is about: those chosen one by one, or all that a list holds. */
export type BulkScope = { targets: BulkTarget[] } | { query: ListQuery };

/** What is chosen in a list, for what else can be done with it. */
export interface Chosen {
  /** The chosen rows that are loaded. */
  records: AnyRecord[];
  /** What the list asks for, where all of it is meant; null where only the chosen rows are. */
  query: ListQuery | null;
  /** How many are meant, once that is known. */
  count: number | undefined;
  /** Chooses nothing any more. */
  onDone: () => void;
}

export interface BulkJob {
  type: RecordType;
  scope: BulkScope;
  change: BulkChange;
  /** What an earlier attempt has changed already. */
  earlier?: BulkTarget[];
}

/** A record the server would not change, and why. */
export interface Refusal {
  target: BulkTarget;
  code: string;
  reason: string;
}

export interface BulkOutcome {
  /** The records as they were, with the version they have now. */
  changed: BulkTarget[];
  refused: Refusal[];
  /** Not tried, because the run was stopped. */
  skipped: number;
}

export interface BulkProgress {
  stage: "reading" | "changing";
  done: number;
}

/** Lets a run tell how far it is, and be stopped between two requests. */
export interface BulkControl {
  onProgress: (progress: BulkProgress) => void;
  isStopped: () => boolean;
}

/** The run that takes the changes of another back; null where none can. */
export function undoJob({ type, change }: BulkJob, changed: BulkTarget[]): BulkJob | null {
  const back = inverse(change);
  return back && { type, scope: { targets: changed }, change: back };
}

function inverse(change: BulkChange): BulkChange | null {
  if (change.kind === "move") return null;
  if (change.kind === "delete") return { kind: "restore" };
  if (change.kind === "restore") return { kind: "delete" };
  return { ...change, make: change.undo, undo: change.make };
}

/** Changes everything in scope, some at a time; a refusal of one does not hold up the others. */
export async function runBulk(job: BulkJob, control: BulkControl): Promise<BulkOutcome> {
  const targets = "targets" in job.scope ? job.scope.targets : await readAll(job, control);
  const outcome: BulkOutcome = { changed: [...(job.earlier ?? [])], refused: [], skipped: 0 };
  for (let start = 0; start < targets.length; start += BATCH_SIZE) {
    control.onProgress({ stage: "changing", done: start });
    if (control.isStopped()) {
      outcome.skipped = targets.length - start;
      break;
    }
    await changeSome(job, targets.slice(start, start + BATCH_SIZE), outcome);
  }
  return outcome;
}

/** Tries again what was refused, on the records as they are now. */
export async function retryJob(job: BulkJob, outcome: BulkOutcome): Promise<BulkJob> {
  const refused = outcome.refused.map(({ target }) => target);
  const targets =
    job.change.kind === "restore"
      ? refused
      : await rereadTargets(
          job.type,
          refused.map(({ id }) => id),
          membersOf(job.change),
        );
  return { ...job, scope: { targets }, earlier: outcome.changed };
}

function membersOf(change: BulkChange): string[] {
  return change.kind === "update" ? change.members : [];
}

/** Everything is read before anything is changed: a change may move records out of the list. */
async function readAll(job: BulkJob, control: BulkControl): Promise<BulkTarget[]> {
  const targets: BulkTarget[] = [];
  if (!("query" in job.scope)) return targets;
  let cursor: string | null = null;
  do {
    const page = await targetPage(job.type, job.scope.query, membersOf(job.change), cursor);
    targets.push(...page.data);
    cursor = page.page.has_more ? (page.page.next_cursor ?? null) : null;
    control.onProgress({ stage: "reading", done: targets.length });
  } while (cursor !== null && !control.isStopped());
  return targets;
}

async function changeSome(job: BulkJob, targets: BulkTarget[], outcome: BulkOutcome) {
  try {
    const operations = targets.map((target) => operationOn(job.change, target));
    const results = await sendBatch(job.type, operations);
    for (const result of results) note(result, targets, outcome);
  } catch (error) {
    const { code, title, detail } = asProblem(error);
    outcome.refused.push(...targets.map((target) => ({ target, code, reason: detail ?? title })));
  }
}

function operationOn(change: BulkChange, target: BulkTarget): BulkOperation {
  const { id, version } = target;
  if (change.kind === "update") return { action: "update", id, version, data: change.make(target) };
  if (change.kind === "delete") return { action: "delete", id, version };
  // Who owns it decides, not whether somebody has written a note meanwhile.
  if (change.kind === "move") return { action: change.action, id, data: change.data ?? {} };
  // Whatever became of it in the trash: out of there is where it is wanted.
  return { action: "restore", id };
}

function note(result: BatchResult, targets: BulkTarget[], outcome: BulkOutcome) {
  const target = targets[result.index];
  if (!target) return;
  if (result.status < 400) {
    outcome.changed.push({ ...target, version: result.version ?? target.version + 1 });
  } else {
    outcome.refused.push({ target, ...reasonOf(result) });
  }
}

function reasonOf({ problem, status }: BatchResult): { code: string; reason: string } {
  const fault = problem?.errors?.[0]?.detail;
  const text = problem?.detail ?? problem?.title ?? String(status);
  return {
    code: problem?.code ?? String(status),
    reason: fault && fault !== text ? `${text} (${fault})` : text,
  };
}
