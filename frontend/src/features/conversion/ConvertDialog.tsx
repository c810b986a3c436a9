import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ConvertedKind } from "@/api/conversion";
import { asProblem, type Problem } from "@/api/problem";
import type { Lead } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorState } from "@/ui/ErrorState";
import { Skeleton } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";
import { Duplicates } from "./Duplicates";
import { conversionFields } from "./fields";
import { PartCard } from "./PartCard";
import { PlannedOfLead } from "./PlannedOfLead";
import { KINDS, obstacles } from "./plan";
import { Result } from "./Result";
import { StageFields } from "./StageFields";
import { useConversion } from "./use-conversion";

interface ConvertDialogProps {
  lead: Lead;
  onClose: () => void;
}

type Conversing = ReturnType<typeof useConversion>;

/** Turns a lead into customer, contact and opportunity, or shows what it has become. */
export function ConvertDialog({ lead, onClose }: ConvertDialogProps) {
  if (lead.conversion) {
    return <ResultDialog lead={lead} onClose={onClose} conversion={lead.conversion} />;
  }
  return <Converting lead={lead} onClose={onClose} />;
}

function Converting({ lead, onClose }: ConvertDialogProps) {
  const { t } = useTranslation();
  const state = useConversion(lead);
  const { outcome, plan, preview } = state;
  if (outcome?.kind === "done") {
    const { result } = outcome;
    return (
      <ResultDialog lead={lead} onClose={onClose} conversion={result.conversion} made={result} />
    );
  }
  if (outcome?.kind === "already") {
    return <ResultDialog lead={lead} onClose={onClose} conversion={outcome.conversion} isLate />;
  }
  const blocked = plan && preview ? obstacles(plan, preview) : {};
  return (
    <Dialog
      open
      keepOnOutsidePress
      onOpenChange={onClose}
      size="xl"
      title={t("conversion:title", { name: lead.name })}
      description={[lead.company_name, lead.title].filter(Boolean).join(" · ") || undefined}
      footer={
        <>
          <FillSwitch state={state} />
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            variant="primary"
            icon={<ArrowRight className="size-4" />}
            busy={state.busy}
            disabled={!plan || Object.keys(blocked).length > 0}
            onClick={() => void state.convert()}
          >
            {t("conversion:convert")}
          </Button>
        </>
      }
    >
      <Notices state={state} all={blocked.all} />
      <Parts state={state} blocked={blocked} />
      {plan && (
        <PlannedOfLead
          lead={lead}
          value={plan.open_tasks}
          onChange={(open_tasks) => state.change({ open_tasks })}
        />
      )}
    </Dialog>
  );
}

/** Complaints about `/customer/fields/name` as `name`, for one of the three. */
function errorsOf(problem: Problem | null, kind: ConvertedKind): Record<string, string> {
  return problem?.fieldErrors(`/${kind}/fields/`) ?? {};
}

interface PartsProps {
  state: Conversing;
  blocked: Partial<Record<ConvertedKind | "all", string>>;
}

function Parts({ state, blocked }: PartsProps) {
  const { t } = useTranslation();
  const { plan, preview, outcome } = state;
  if (!plan || !preview) {
    if (!state.error) return <PartsSkeleton label={t("conversion:loading")} />;
    return <ErrorState problem={asProblem(state.error)} onRetry={state.retry} />;
  }
  const problem = outcome?.kind === "refused" ? outcome.problem : null;
  return (
    <div className="grid grid-cols-3 items-start gap-3 phone:grid-cols-1">
      {KINDS.map((kind) => (
        <PartCard
          key={kind}
          kind={kind}
          part={plan[kind]}
          preview={preview}
          leadWins={plan.fill === "lead_wins"}
          obstacle={blocked[kind]}
          errors={errorsOf(problem, kind)}
          onChange={(changes) => state.changePart(kind, changes)}
        >
          {kind === "opportunity" && <StageFields plan={plan} onChange={state.change} />}
        </PartCard>
      ))}
    </div>
  );
}

/** Complaints that no field of the form can show. */
function unplaced(problem: Problem): string[] {
  const shown = new Set(
    KINDS.flatMap((kind) =>
      conversionFields[kind].map((field) => `/${kind}/fields/${field.name.replace(".", "/")}`),
    ),
  );
  return problem.errors
    .filter(({ pointer }) => pointer === undefined || !shown.has(pointer))
    .map(({ detail, code, pointer }) => detail ?? `${pointer ?? ""} ${code}`);
}

function Notices({ state, all }: { state: Conversing; all: string | undefined }) {
  const { t } = useTranslation();
  const { outcome } = state;
  if (outcome?.kind === "duplicates") {
    return (
      <Duplicates
        candidates={outcome.candidates}
        busy={state.busy}
        onLink={(kind, { id, name }) =>
          state.changePart(kind, { mode: "link", linked: { id, name }, edits: {} })
        }
        onForce={(duplicate_reason) =>
          void state.convert({ on_duplicate: "force", duplicate_reason })
        }
      />
    );
  }
  if (outcome?.kind === "refused") {
    const { problem } = outcome;
    const isStale = problem.code === "version_conflict";
    return (
      <div role="alert" className="mb-3 text-danger">
        <p>{isStale ? t("conversion:leadChanged") : (problem.detail ?? problem.title)}</p>
        <ul className="list-disc pl-5">
          {unplaced(problem).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    );
  }
  return all === undefined ? null : <p className="mb-3 text-danger">{t(all)}</p>;
}

function FillSwitch({ state }: { state: Conversing }) {
  const { t } = useTranslation();
  const { plan } = state;
  const isLinking = plan && (plan.customer.mode === "link" || plan.contact.mode === "link");
  if (!isLinking) return <span className="mr-auto" />;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control
    <label className="mr-auto flex items-center gap-2">
      <Switch
        checked={plan.fill === "lead_wins"}
        onCheckedChange={(on) => state.change({ fill: on ? "lead_wins" : "blank_only" })}
      />
      <span className="text-fg2">{t("conversion:leadWins")}</span>
    </label>
  );
}

function PartsSkeleton({ label }: { label: string }) {
  return (
    <div
      role="status"
      aria-busy="true"
      aria-label={label}
      className="grid grid-cols-3 gap-3 phone:grid-cols-1"
    >
      {KINDS.map((kind) => (
        <div key={kind} className="rounded-xl border border-line p-3.5">
          <Skeleton className="w-20" />
          <Skeleton className="mt-4 h-8" />
          <Skeleton className="mt-6 h-8" />
          <Skeleton className="mt-4 h-8" />
        </div>
      ))}
    </div>
  );
}

interface ResultDialogProps extends ConvertDialogProps {
  conversion: Parameters<typeof Result>[0]["conversion"];
  made?: Parameters<typeof Result>[0]["made"];
  /** Somebody else was faster. */
  isLate?: boolean;
}

function ResultDialog({ lead, onClose, conversion, made, isLate }: ResultDialogProps) {
  const { t } = useTranslation();
  const title = made ? t("conversion:doneTitle") : t("conversion:alreadyTitle");
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={isLate ? t("conversion:alreadyHint") : undefined}
    >
      <Result lead={lead} conversion={conversion} made={made} onClose={onClose} />
    </Dialog>
  );
}
