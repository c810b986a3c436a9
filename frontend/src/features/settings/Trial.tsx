import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "@/api/problem";
import type { Ref } from "@/api/types";
import { useFormat } from "@/lib/format";
import { signed } from "@/lib/signed";
import { Button } from "@/ui/Button";
import type { Form } from "./FormDialog";

interface TrialProps<Values, Result> {
  /** What is tried; complaints about its fields stand there. */
  values: Values;
  hint: string;
  runLabel: string;
  /** Everything the result depends on: once it differs, the result is of something else. */
  asked: string;
  run: () => Promise<Result>;
  /** Told what the trial refuses, and null once it is tried again. */
  onProblem: (problem: Problem | null) => void;
  children: (result: Result) => ReactNode;
}

/** Whether every complaint stands at a field, so that none need be said here. */
function standsAtFields({ errors }: Problem, values: object): boolean {
  const fields = errors.map(({ pointer }) => pointer?.replace(/^\/rule/, "").split("/")[1] ?? "");
  return fields.length > 0 && fields.every((name) => name in values);
}

/** Shows what a rule would change, before it is saved. */
export function Trial<Values extends object, Result>(props: TrialProps<Values, Result>) {
  const { t } = useTranslation();
  const { asked } = props;
  const trial = useMutation({
    mutationFn: async () => ({ asked, result: await props.run() }),
    onMutate: () => props.onProblem(null),
    onError: (error) => props.onProblem(asProblem(error)),
  });
  const problem = trial.error && asProblem(trial.error);
  return (
    <section
      aria-label={t("settings:tryOut.title")}
      className="col-span-full border-line border-t pt-4"
    >
      <div className="flex items-center gap-3 phone:flex-col phone:items-stretch">
        <p className="min-w-0 flex-1 text-fg2">{props.hint}</p>
        <Button
          busy={trial.isPending}
          icon={<FlaskConical className="size-4" />}
          onClick={() => trial.mutate()}
        >
          {props.runLabel}
        </Button>
      </div>
      <div aria-live="polite">
        {problem && !standsAtFields(problem, props.values) && (
          <p className="mt-3 text-danger">
            {problem.errors[0]?.detail ?? problem.detail ?? problem.title}
          </p>
        )}
        {trial.data && trial.data.asked !== asked && (
          <p className="mt-3 text-fg2">{t("settings:tryOut.stale")}</p>
        )}
        {trial.data && trial.data.asked === asked && props.children(trial.data.result)}
      </div>
    </section>
  );
}

/** The first complaint of a trial about a field or a part of it; what was never sent is refused without `/rule`. */
function complaintAt(problem: Problem | null, name: string): string | undefined {
  const errors = Object.entries({ ...problem?.fieldErrors(), ...problem?.fieldErrors("/rule") });
  return errors.find(([path]) => path === name || path.startsWith(`${name}.`))?.[1];
}

/** A form at whose fields stands what its trial refuses as well as what saving refuses. */
export function useTried<Values>(saved: Form<Values>) {
  const [tried, setTried] = useState<Problem | null>(null);
  const form: Form<Values> = {
    ...saved,
    error: (name) => saved.error(name) ?? complaintAt(tried, name),
  };
  return { form, setTried };
}

/** What stood somewhere, and what would. */
export function Change({ from, to }: { from: ReactNode; to: ReactNode }) {
  const { t } = useTranslation();
  return (
    <span className="tnum">
      {from} <span aria-hidden="true">→</span>
      <span className="sr-only">{t("records:becomes")}</span> {to}
    </span>
  );
}

/** By how much a number would be another. */
export function Difference({ by }: { by: number }) {
  const { number } = useFormat();
  if (by === 0) return <span className="text-fg3">0</span>;
  return <span className="tnum font-medium text-fg">{signed(by, number)}</span>;
}

/** Leads to a lead of a result, in a tab of its own: the form would be lost. */
export function LeadLink({ lead }: { lead: Ref }) {
  return (
    <Link
      to={`/leads/${lead.id}` as string}
      target="_blank"
      className="underline decoration-line-strong underline-offset-2 hover:text-accent-strong"
    >
      {lead.name}
    </Link>
  );
}
