import { ArrowRightLeft } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Lead, RecordType } from "@/api/types";
import type { RowAction } from "@/features/records/RecordTable";
import { ConvertDialog } from "./convert-dialog";

/** Converting a lead from its row: the action of the row, and the dialog it opens. */
export function useConvertRow(type: RecordType) {
  const { t } = useTranslation();
  // The lead as it was when the dialog opened: converting changes it under the dialog's feet.
  const [lead, setLead] = useState<Lead | null>(null);
  const actions = useMemo<RowAction[]>(
    () =>
      type === "leads"
        ? [
            {
              label: t("records:convert"),
              key: "v",
              icon: <ArrowRightLeft />,
              appliesTo: (record) => record.can.convert === true && !(record as Lead).conversion,
              run: (record) => setLead(record as Lead),
            },
          ]
        : [],
    [type, t],
  );
  const dialog = lead && (
    <Suspense fallback={null}>
      <ConvertDialog lead={lead} onClose={() => setLead(null)} />
    </Suspense>
  );
  return { actions, dialog };
}
