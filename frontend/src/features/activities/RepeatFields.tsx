import { useTranslation } from "react-i18next";
import type { Repeat } from "@/api/types";
import { DateField } from "@/ui/DateField";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import type { Draft } from "./draft";

const PERIODS: Repeat["every"][] = ["day", "week", "month", "year"];

interface RepeatFieldsProps {
  value: Draft["repeat"];
  onChange: (value: Draft["repeat"]) => void;
}

/** Whether a task comes again after it was done, how often and until when. */
export function RepeatFields({ value, onChange }: RepeatFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <FormField label={t("activities:repeat")}>
        {(control) => (
          <Select
            {...control}
            value={value?.every ?? null}
            onChange={(every) =>
              onChange(every && { ...(value ?? { interval: "1", until: null }), every })
            }
            emptyLabel={t("activities:noRepeat")}
            options={PERIODS.map((period) => ({
              value: period,
              label: t(`activities:every.${period}`),
            }))}
          />
        )}
      </FormField>
      {value && (
        <>
          <FormField label={t("activities:interval")}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                maxLength={2}
                value={value.interval}
                onChange={(event) =>
                  onChange({ ...value, interval: event.target.value.replace(/\D/g, "") })
                }
              />
            )}
          </FormField>
          <FormField label={t("activities:until")}>
            {(control) => (
              <DateField
                {...control}
                placeholder={t("activities:forever")}
                value={value.until}
                onChange={(until) => onChange({ ...value, until })}
              />
            )}
          </FormField>
        </>
      )}
    </>
  );
}
