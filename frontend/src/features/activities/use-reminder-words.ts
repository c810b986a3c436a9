import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/format";

/** How a reminder is said by its distance in minutes: when it is due, an hour before. */
export function useReminderWords(): (ahead: number) => string {
  const { t } = useTranslation();
  const { duration } = useFormat();
  return (ahead) => {
    if (ahead === 0) return t("activities:remind.due");
    const length = duration(Math.abs(ahead) * 60);
    return ahead > 0
      ? t("activities:remind.before", { length })
      : t("activities:remind.after", { length });
  };
}
