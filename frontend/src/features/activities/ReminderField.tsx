import { useTranslation } from "react-i18next";
import { FormField } from "@/ui/FormField";
import { Select } from "@/ui/Select";
import { AHEAD } from "./reminder";
import { useReminderWords } from "./use-reminder-words";

interface ReminderFieldProps {
  /** Minutes before it is due. */
  value: number;
  onChange: (ahead: number) => void;
  className?: string;
}

/** How long before something is due its owner is reminded. */
export function ReminderField({ value, onChange, className }: ReminderFieldProps) {
  const { t } = useTranslation();
  const words = useReminderWords();
  // What another program has set stays a choice.
  const choices = AHEAD.includes(value) ? AHEAD : [...AHEAD, value];
  return (
    <FormField label={t("activities:remind.label")} {...(className !== undefined && { className })}>
      {(control) => (
        <Select
          {...control}
          value={String(value)}
          onChange={(ahead) => ahead !== null && onChange(Number(ahead))}
          options={choices.map((ahead) => ({ value: String(ahead), label: words(ahead) }))}
        />
      )}
    </FormField>
  );
}
