import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OpenTasks } from "@/api/conversion";
import type { ConversionPlan } from "@/api/jobs";
import type { Problem } from "@/api/problem";
import { findUsers } from "@/api/search";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Combobox, type Option } from "@/ui/Combobox";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Switch } from "@/ui/Switch";
import { lacksReason } from "./plan";

const TASKS: OpenTasks[] = ["move", "keep", "close"];
const ON_DUPLICATE = ["fail", "force"] as const;

interface MoreChoicesProps {
  plan: ConversionPlan;
  onChange: (changes: Partial<ConversionPlan>) => void;
  /** Whether it was tried to begin, so that what is missing is named. */
  isChecked: boolean;
  problem: Problem | null;
}

/** What is mostly right as it is: duplicates, what is planned, the owner, and whose values win. */
export function MoreChoices(props: MoreChoicesProps) {
  const { t } = useTranslation();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        className="-ml-2 self-start"
        aria-expanded={isOpen}
        aria-controls={id}
        icon={<Arrow className="size-4" />}
        onClick={() => setOpen(!isOpen)}
      >
        {t(isOpen ? "jobs:fewerChoices" : "jobs:moreChoices")}
      </Button>
      <div id={id} hidden={!isOpen} className="flex flex-col gap-4 border-line border-t pt-3">
        <Duplicates {...props} />
        <OpenTasksChoice {...props} />
        <Owner {...props} />
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
        <label className="flex items-center gap-2 phone:min-h-11">
          <Switch
            checked={props.plan.fill === "lead_wins"}
            onCheckedChange={(on) => props.onChange({ fill: on ? "lead_wins" : "blank_only" })}
          />
          <span>{t("conversion:leadWins")}</span>
        </label>
      </div>
    </>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden="true" className="text-fg2 text-xs">
        {label}
      </span>
      {children}
    </div>
  );
}

function Duplicates({ plan, onChange, isChecked, problem }: MoreChoicesProps) {
  const { t } = useTranslation();
  const mode = plan.on_duplicate === "force" ? "force" : "fail";
  const missing = isChecked && lacksReason(plan) ? t("conversion:needsReason") : undefined;
  return (
    <Choice label={t("jobs:duplicates")}>
      <SegmentedControl
        label={t("jobs:duplicates")}
        value={mode}
        className="self-start phone:w-full"
        onChange={(on_duplicate) =>
          onChange({
            on_duplicate,
            ...(on_duplicate === "fail" && { duplicate_reason: null }),
          })
        }
        options={ON_DUPLICATE.map((value) => ({ value, label: t(`jobs:duplicatesMode.${value}`) }))}
      />
      {mode === "fail" ? (
        <p className="text-fg3 text-xs">{t("jobs:duplicatesHint")}</p>
      ) : (
        <FormField
          className="mt-2"
          label={t("conversion:duplicateReason")}
          required
          error={missing ?? problem?.fieldErrors("/plan/").duplicate_reason}
        >
          {(control) => (
            <Input
              {...control}
              value={plan.duplicate_reason ?? ""}
              maxLength={500}
              onChange={(event) => onChange({ duplicate_reason: event.target.value })}
            />
          )}
        </FormField>
      )}
    </Choice>
  );
}

function OpenTasksChoice({ plan, onChange }: MoreChoicesProps) {
  const { t } = useTranslation();
  return (
    <Choice label={t("jobs:openTasks")}>
      <SegmentedControl
        label={t("jobs:openTasks")}
        value={plan.open_tasks}
        className="self-start phone:w-full"
        onChange={(open_tasks) => onChange({ open_tasks })}
        options={TASKS.map((value) => ({ value, label: t(`conversion:openTasks.${value}`) }))}
      />
    </Choice>
  );
}

function Owner({ onChange, problem }: MoreChoicesProps) {
  const { t } = useTranslation();
  const [owner, setOwner] = useState<Option | null>(null);
  return (
    <FormField
      label={t("jobs:owner")}
      className="max-w-80 phone:max-w-none"
      error={problem?.fieldErrors("/plan/").owner_id}
    >
      {(control) => (
        <Combobox
          {...control}
          placeholder={t("jobs:ownerKept")}
          value={owner}
          search={findUsers}
          renderIcon={(option) => <Avatar name={option.name} />}
          onChange={(next) => {
            setOwner(next);
            onChange({ owner_id: next?.id ?? null });
          }}
        />
      )}
    </FormField>
  );
}
