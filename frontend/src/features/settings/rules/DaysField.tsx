import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/format";
import { Checkbox } from "@/ui/Checkbox";
import { WEEKDAYS, weekdayName } from "./rule-words";

interface DaysFieldProps {
  value: number[];
  onChange: (days: number[]) => void;
  error: string | undefined;
}

/** On which days of the week people are given leads; none chosen means every day. */
export function DaysField({ value, onChange, error }: DaysFieldProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const toggle = (day: number, on: boolean) =>
    onChange(WEEKDAYS.filter((other) => (other === day ? on : value.includes(other))));
  return (
    <fieldset className="col-span-full">
      <legend className="mb-1 text-fg2 text-xs">{t("settings:rules.days")}</legend>
      <div className="flex flex-wrap gap-x-4">
        {WEEKDAYS.map((day) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
          <label key={day} className="flex h-8 items-center gap-2 phone:h-11 phone:min-w-20">
            <Checkbox
              checked={value.includes(day)}
              onCheckedChange={(on) => toggle(day, on)}
              aria-label={weekdayName(day, language, "long")}
            />
            {weekdayName(day, language)}
          </label>
        ))}
      </div>
      {error && <p className="text-danger text-xs">{error}</p>}
      <p className="text-fg3 text-xs">{t("settings:rules.daysHint")}</p>
    </fieldset>
  );
}
