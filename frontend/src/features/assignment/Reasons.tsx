import { useQuery } from "@tanstack/react-query";
import { Check, CircleMinus, UserX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type Assignment, type AssignmentStep, assignmentQuery } from "@/api/assignment";
import type { Lead } from "@/api/types";
import { Read } from "@/features/records/Read";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

/** Which rule gave the lead and when, and what became of the rules before it. */
export function Reasons({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const query = useQuery({ ...assignmentQuery(lead.id), staleTime: 0 });
  return (
    <Read query={query} lines={3}>
      {({ data, earlier }) =>
        data === null ? (
          <p className="text-fg2">{t("assignment:byHand")}</p>
        ) : (
          <>
            <Outcome assignment={data} lead={lead} />
            <Steps steps={data.trace} />
            {earlier > 0 && (
              <p className="mt-2 text-fg3 text-xs">{t("assignment:earlier", { count: earlier })}</p>
            )}
          </>
        )
      }
    </Read>
  );
}

function Outcome({ assignment, lead }: { assignment: Assignment; lead: Lead }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const { rule, owner, assigned_at } = assignment;
  const when = instant(assigned_at);
  const isStill = (owner?.id ?? null) === lead.owner_id;
  return (
    <>
      <p className="text-fg2">
        {rule && owner
          ? t("assignment:chosen", { rule: rule.name, owner: owner.name, when })
          : t("assignment:nobodyChosen", { when })}
      </p>
      {rule !== null && rule.id === null && (
        <p className="text-fg3 text-xs">{t("assignment:ruleGone")}</p>
      )}
      {!isStill && (
        <p className="text-fg2">
          {t(owner === null ? "assignment:notTheirs" : "assignment:handedOver")}
        </p>
      )}
    </>
  );
}

const icons = { assigned: Check, not_matched: CircleMinus, nobody_available: UserX };

/** The rules in the order they were asked. */
function Steps({ steps }: { steps: AssignmentStep[] }) {
  const { t } = useTranslation();
  if (steps.length === 0) return null;
  return (
    <ol
      aria-label={t("assignment:steps")}
      className="mt-2 flex flex-col gap-2 border-line border-t pt-2"
    >
      {steps.map((step) => (
        <Step key={step.rule_id} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { step: AssignmentStep }) {
  const { t } = useTranslation();
  const Icon = icons[step.result];
  const more = step.passed_over_count - step.passed_over.length;
  return (
    <li className="flex gap-2">
      <Icon
        aria-hidden="true"
        className={cn("mt-0.5 size-4 shrink-0 text-fg3", step.result === "assigned" && "text-ok")}
      />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          {step.rule_name}
          <span className="text-fg2"> {t(`assignment:result.${step.result}`)}</span>
        </p>
        {step.passed_over.length > 0 && (
          <ul className="text-fg2 text-xs">
            {step.passed_over.map(({ user_id, name, reason }) => (
              <li key={user_id}>
                {t("assignment:passedOver", { name, reason: t(`assignment:reason.${reason}`) })}
              </li>
            ))}
            {more > 0 && <li>{t("assignment:more", { count: more })}</li>}
          </ul>
        )}
      </div>
    </li>
  );
}
