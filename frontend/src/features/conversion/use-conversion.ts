import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { activitiesKey } from "@/api/activities";
import {
  type ConversionCandidates,
  type ConversionResult,
  type ConvertedKind,
  conversionPreviewQuery,
  convertLead,
} from "@/api/conversion";
import { asProblem, type Problem } from "@/api/problem";
import { recordKeys } from "@/api/records";
import type { Conversion, Lead } from "@/api/types";
import { firstPlan, type PartPlan, type Plan, previewRequest, requestOf } from "./plan";

/** What became of an attempt to convert. */
export type Outcome =
  | { kind: "done"; result: ConversionResult }
  | { kind: "already"; conversion: Partial<Conversion> }
  | { kind: "duplicates"; candidates: ConversionCandidates }
  | { kind: "refused"; problem: Problem };

interface Force {
  on_duplicate: "force";
  duplicate_reason: string;
}

function outcomeOf(problem: Problem): Outcome {
  const { candidates, conversion } = problem.body;
  if (problem.code === "already_converted") {
    return { kind: "already", conversion: (conversion ?? {}) as Partial<Conversion> };
  }
  if (problem.code === "duplicate_candidates") {
    const none = { customers: [], contacts: [], opportunities: [], hidden: 0 };
    const found = (candidates ?? {}) as Partial<ConversionCandidates>;
    return { kind: "duplicates", candidates: { ...none, ...found } };
  }
  return { kind: "refused", problem };
}

/** The newer version in a refusal, so that the next attempt is based on it. */
function newerVersion(problem: Problem): number | null {
  const current = problem.body.current as { version?: unknown } | undefined;
  const isStale = problem.code === "version_conflict";
  return isStale && typeof current?.version === "number" ? current.version : null;
}

/** Reads everything again that a conversion touches. */
export function useRefreshAll() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["records"] }),
      client.invalidateQueries({ queryKey: activitiesKey }),
      client.invalidateQueries({ queryKey: ["search"] }),
      client.invalidateQueries({ queryKey: ["trash"] }),
    ]);
}

/** The plan of a conversion, what the server says to it, and what came of it. */
export function useConversion(lead: Lead) {
  const client = useQueryClient();
  const refresh = useRefreshAll();
  const [edited, setEdited] = useState<Plan | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);
  const version = useRef(lead.version);
  const key = useRef({ of: "", value: "" });
  const first = useQuery(conversionPreviewQuery(lead.id, {}));
  const plan = edited ?? (first.data ? firstPlan(first.data) : null);
  const preview = useQuery({
    ...conversionPreviewQuery(lead.id, previewRequest(plan)),
    enabled: plan !== null,
  });
  const seen = preview.data ?? first.data ?? null;

  function change(changes: Partial<Plan>) {
    if (!plan) return;
    setEdited({ ...plan, ...changes });
    setOutcome(null);
  }

  // A repeated press, or one after a lost answer, must not convert a second time.
  function keyFor(request: unknown): string {
    const of = JSON.stringify(request);
    if (key.current.of !== of) key.current = { of, value: crypto.randomUUID() };
    return key.current.value;
  }

  async function convert(force?: Force) {
    if (!plan || !seen) return;
    setBusy(true);
    const request = { ...requestOf(plan, seen), ...force };
    try {
      const base = { id: lead.id, version: version.current };
      const result = await convertLead(base, request, keyFor({ base, request }));
      client.setQueryData(recordKeys.one("leads", lead.id), result.lead);
      setOutcome({ kind: "done", result });
      void refresh();
    } catch (error) {
      const problem = asProblem(error);
      version.current = newerVersion(problem) ?? version.current;
      setOutcome(outcomeOf(problem));
      if (problem.status === 409 || problem.status === 412) {
        void client.invalidateQueries({ queryKey: recordKeys.one("leads", lead.id) });
      }
    } finally {
      setBusy(false);
    }
  }

  return {
    plan,
    preview: seen,
    error: first.error ?? preview.error,
    retry: () => void first.refetch(),
    outcome,
    busy,
    change,
    changePart: (kind: ConvertedKind, changes: Partial<PartPlan>) =>
      plan && change({ [kind]: { ...plan[kind], ...changes } }),
    convert,
  };
}
