import { useNavigate } from "@tanstack/react-router";
import { KanbanSquare, List } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SegmentedControl } from "@/ui/SegmentedControl";

const PATHS = { list: "/opportunities", board: "/opportunities/board" };

/** Between the list and the board of the opportunities; filters and search stay. */
export function BoardSwitch({ value }: { value: "list" | "board" }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const option = (name: "list" | "board", icon: React.ReactNode) => ({
    value: name,
    icon,
    label: <span className="sr-only">{t(`records:as.${name}`)}</span>,
  });
  return (
    <SegmentedControl
      label={t("records:asLabel")}
      value={value}
      onChange={(next) =>
        void navigate({ to: PATHS[next], search: ((old: object) => old) as never })
      }
      options={[option("list", <List />), option("board", <KanbanSquare />)]}
    />
  );
}
