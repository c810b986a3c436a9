import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import {
  type ChosenLeads,
  type ConversionPlan,
  convertLeads,
  hearOfJobs,
  type Job,
} from "@/api/jobs";
import { asProblem, type Problem } from "@/api/problem";

/** Begins the conversion of many leads; pressed again after a lost answer, it begins no second one. */
export function useStart(leads: ChosenLeads, onStarted: (job: Job) => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = useRef({ of: "", value: "" });

  function keyFor(plan: ConversionPlan): string {
    const of = JSON.stringify(plan);
    if (key.current.of !== of) key.current = { of, value: crypto.randomUUID() };
    return key.current.value;
  }

  async function start(plan: ConversionPlan) {
    setBusy(true);
    setProblem(null);
    try {
      const job = await convertLeads(leads, plan, keyFor(plan));
      void hearOfJobs(client);
      onStarted(job);
    } catch (error) {
      const refused = asProblem(error);
      // What was refused is asked anew: meanwhile another job may have ended.
      if (refused.code !== "network") key.current = { of: "", value: "" };
      setProblem(refused);
      setBusy(false);
    }
  }

  return { start, busy, problem, forget: () => setProblem(null) };
}
