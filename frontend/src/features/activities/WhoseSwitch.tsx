import { useTranslation } from "react-i18next";
import { SegmentedControl } from "@/ui/SegmentedControl";
import type { Whose } from "./sections";

interface WhoseSwitchProps {
  value: Whose;
  onChange: (whose: Whose) => void;
}

/** Between what is one's own and what is the team's. */
export function WhoseSwitch({ value, onChange }: WhoseSwitchProps) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      label={t("activities:whose")}
      value={value}
      onChange={onChange}
      options={(["me", "team"] as const).map((whose) => ({
        value: whose,
        label: t(`activities:whoseTasks.${whose}`),
      }))}
    />
  );
}
