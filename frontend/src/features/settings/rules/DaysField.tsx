import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/format";
import { CheckboxesField } from "../CheckboxesField";
import { WEEKDAYS, weekdayName } from "./rule-words";

interface DaysFieldProps {
  value: number[];
  onChange: (days: number[]) => void;
  error: string | undefined;
}

/** On which days of the week people are given leads; none chosen means every day. */
export function DaysField(props: DaysFieldProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <CheckboxesField<number>
      {...props}
      label={t("settings:rules.days")}
      hint={t("settings:rules.daysHint")}
      options={WEEKDAYS.map((day) => ({
        value: day,
        label: weekdayName(day, language),
        name: weekdayName(day, language, "long"),
      }))}
    />
  );
}
