import { useQueryClient } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Lead, RecordType } from "@/api/types";
import type { MenuEntry } from "@/ui/Menu";

/** What the menu of a record offers beside what every record has, by type. */
export function useRecordMenu(type: RecordType): (record: AnyRecord) => MenuEntry[] {
  const { t } = useTranslation();
  const client = useQueryClient();
  return (record) => {
    const isOffered =
      type === "leads" && record.can.assign && (record as Lead).status_category !== "converted";
    if (!isOffered) return [];
    const run = async () => {
      const { assignLead } = await import("@/features/assignment");
      await assignLead(client, record as Lead, t);
    };
    return [
      {
        id: "assign-by-rule",
        label: t("records:assignByRule"),
        icon: <UserRound />,
        onSelect: () => void run(),
      },
    ];
  };
}
