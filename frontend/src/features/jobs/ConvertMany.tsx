import { useQuery } from "@tanstack/react-query";
import { ArrowRightLeft } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ChosenLeads, type ConversionPlan, type Job, MOST_LEADS } from "@/api/jobs";
import { meQuery } from "@/api/me";
import type { Problem } from "@/api/problem";
import { useFormat } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { MoreChoices } from "./MoreChoices";
import { lacksReason, MODES, obstacleOf, PARTS, usualPlan } from "./plan";
import { useStart } from "./use-start";
import { leftOutWords } from "./words";

/** Leads that are to be converted. */
export interface AskedLeads {
  leads: ChosenLeads;
  /** How many they are; nothing when that is not known. */
  count: number | undefined;
  /** How many of those chosen are not among them. */
  leftOut: number;
}

interface ConvertManyProps {
  asked: AskedLeads;
  onClose: () => void;
  onStarted: (job: Job) => void;
}

/** Asks what becomes of many leads, and begins. */
export function ConvertMany(props: ConvertManyProps) {
  const me = useQuery(meQuery()).data;
  return me && <Planning {...props} usual={usualPlan(me.permissions)} />;
}

function Planning({
  asked,
  onClose,
  onStarted,
  usual,
}: ConvertManyProps & { usual: ConversionPlan }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [plan, setPlan] = useState(usual);
  const [isChecked, setChecked] = useState(false);
  const { start, busy, problem, forget } = useStart(asked.leads, onStarted);
  const { count } = asked;
  const isTooMany = count !== undefined && count > MOST_LEADS;
  const obstacle = obstacleOf(plan);
  const title =
    count === undefined ? t("jobs:convertSome") : t("jobs:convert", { count, text: number(count) });

  function change(changes: Partial<ConversionPlan>) {
    setPlan({ ...plan, ...changes });
    forget();
  }
  function go() {
    setChecked(true);
    if (!lacksReason(plan)) void start(plan);
  }

  return (
    <Dialog
      open
      keepOnOutsidePress
      onOpenChange={onClose}
      title={title}
      description={
        <>
          {asked.leftOut > 0 && (
            <span className="block">{t("jobs:willLeave", { count: asked.leftOut })}</span>
          )}
          {t("jobs:linkHint")}
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            variant="primary"
            icon={<ArrowRightLeft className="size-4" />}
            busy={busy}
            disabled={isTooMany || obstacle !== null}
            onClick={go}
          >
            {t("conversion:convert")}
          </Button>
        </>
      }
    >
      {isTooMany && (
        <p role="alert" className="mb-3 text-danger">
          {t("jobs:tooMany", { text: number(MOST_LEADS) })}
        </p>
      )}
      {problem && <Refused problem={problem} />}
      <div className="flex flex-col gap-3">
        {PARTS.map((part) => (
          <PartRow
            key={part}
            part={part}
            value={plan[part]}
            onChange={(mode) => change({ [part]: mode })}
          />
        ))}
        {obstacle !== null && (
          <p role="alert" className="text-danger">
            {t(obstacle)}
          </p>
        )}
        <MoreChoices plan={plan} onChange={change} isChecked={isChecked} problem={problem} />
      </div>
    </Dialog>
  );
}

const COLLECTIONS = {
  customer: "customers",
  contact: "contacts",
  opportunity: "opportunities",
} as const;

interface PartRowProps {
  part: (typeof PARTS)[number];
  value: (typeof MODES)[number];
  onChange: (mode: (typeof MODES)[number]) => void;
}

function PartRow({ part, value, onChange }: PartRowProps) {
  const { t } = useTranslation();
  const id = useId();
  const label = t(`records:one.${COLLECTIONS[part]}`);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <span id={id} aria-hidden="true" className="font-medium">
        {label}
      </span>
      <SegmentedControl
        label={label}
        value={value}
        onChange={onChange}
        className="w-80 max-w-full phone:w-full"
        options={MODES.map((mode) => ({ value: mode, label: t(`jobs:mode.${mode}`) }))}
      />
    </div>
  );
}

/** Complaints that stand at a field of their own. */
const PLACED = ["/plan/duplicate_reason", "/plan/owner_id"];

function Refused({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const { left_out } = problem.body as { left_out?: Job["left_out"] };
  const complaints = problem.errors.filter(({ pointer = "" }) => !PLACED.includes(pointer));
  const lines = [
    ...complaints.map(({ detail, code }) => detail ?? code ?? ""),
    ...leftOutWords(t, left_out ?? {}),
  ];
  return (
    <div role="alert" className="mb-3 text-danger">
      <p>{problem.detail ?? problem.title}</p>
      {lines.length > 0 && (
        <ul className="list-disc pl-5">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
