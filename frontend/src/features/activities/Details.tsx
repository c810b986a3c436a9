import { useTranslation } from "react-i18next";
import { findUsers } from "@/api/search";
import { OUTCOMES, PRIORITIES, traits } from "@/features/records/activity-kinds";
import { Combobox } from "@/ui/Combobox";
import { DateField } from "@/ui/DateField";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { canRemind, type Draft, isPlanned } from "./draft";
import { ReminderField } from "./ReminderField";
import { RepeatFields } from "./RepeatFields";

interface DetailsProps {
  draft: Draft;
  onChange: (changes: Partial<Draft>) => void;
  /** Whether the hour has been settled: it was noted or planned before. */
  isKept?: boolean;
  /** Whether it is done or called off, so that nothing is to be reminded of. */
  isOver?: boolean;
}

/** What is asked beside the text, by kind. */
export function Details({ draft, onChange, isKept = false, isOver = false }: DetailsProps) {
  const { t } = useTranslation();
  const { kind } = draft;
  const has = traits[kind];
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-2 phone:grid-cols-2">
      {has.hasOutcome && (
        <FormField label={t("activities:outcome")}>
          {(control) => (
            <Select
              {...control}
              value={draft.outcome}
              onChange={(outcome) => onChange({ outcome })}
              emptyLabel={t("activities:noOutcome")}
              options={OUTCOMES.map((value) => ({
                value,
                label: t(`activities:outcomes.${value}`),
              }))}
            />
          )}
        </FormField>
      )}
      {has.hasDirection && (
        <FormField label={t("activities:direction")}>
          {(control) => (
            <Select
              {...control}
              value={draft.direction}
              onChange={(direction) => direction && onChange({ direction })}
              options={(["outbound", "inbound"] as const).map((value) => ({
                value,
                label: t(`activities:directions.${value}`),
              }))}
            />
          )}
        </FormField>
      )}
      {(kind !== "note" || isKept) && <WhenField draft={draft} onChange={onChange} />}
      {!isOver && canRemind(draft) && (
        <ReminderField
          value={draft.remindAhead}
          onChange={(remindAhead) => onChange({ remindAhead })}
        />
      )}
      {has.hasDuration && (
        <FormField label={t("activities:minutes")}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.minutes}
              onChange={(event) => onChange({ minutes: event.target.value.replace(/\D/g, "") })}
            />
          )}
        </FormField>
      )}
      {kind === "task" && <TaskFields draft={draft} onChange={onChange} />}
      {kind !== "task" && (
        <FormField label={t("activities:followUp")} hint={draft.followUp && draft.nextStep?.name}>
          {(control) => (
            <DateField
              {...control}
              value={draft.followUp}
              onChange={(followUp) => onChange({ followUp })}
              placeholder={t("activities:noFollowUp")}
            />
          )}
        </FormField>
      )}
    </div>
  );
}

function WhenField({ draft, onChange }: DetailsProps) {
  const { t } = useTranslation();
  const isTask = draft.kind === "task";
  const label = isTask
    ? t("activities:due")
    : isPlanned(draft)
      ? t("activities:plannedFor")
      : t("activities:happened");
  return (
    <FormField label={label} isGroup className="col-span-2">
      {(control) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend beside the label
        <div role="group" aria-labelledby={control["aria-labelledby"]} className="flex gap-1">
          <DateField
            className="min-w-0 flex-1"
            label={label}
            value={draft.date}
            onChange={(date) => onChange({ date })}
            placeholder={isTask ? t("activities:noDue") : t("activities:now")}
          />
          <Input
            type="time"
            className="w-24 shrink-0 phone:w-28"
            aria-label={t("activities:time")}
            value={draft.time}
            onChange={(event) => onChange({ time: event.target.value })}
          />
        </div>
      )}
    </FormField>
  );
}

function TaskFields({ draft, onChange }: DetailsProps) {
  const { t } = useTranslation();
  return (
    <>
      <FormField label={t("activities:priority")}>
        {(control) => (
          <Select
            {...control}
            value={draft.priority}
            onChange={(priority) => priority && onChange({ priority })}
            options={PRIORITIES.map((value) => ({
              value,
              label: t(`activities:priorities.${value}`),
            }))}
          />
        )}
      </FormField>
      <FormField label={t("activities:assignee")}>
        {(control) => (
          <Combobox
            {...control}
            value={draft.owner}
            onChange={(owner) => onChange({ owner })}
            search={findUsers}
            placeholder={t("activities:me")}
          />
        )}
      </FormField>
      {draft.date !== null && (
        <RepeatFields value={draft.repeat} onChange={(repeat) => onChange({ repeat })} />
      )}
    </>
  );
}
