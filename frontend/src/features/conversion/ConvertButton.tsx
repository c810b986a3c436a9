import { ArrowRightLeft, CircleCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Lead } from "@/api/types";
import { Button } from "@/ui/Button";
import { ConvertDialog } from "./ConvertDialog";

/** Opens the conversion of a lead; on a converted one, what it has become. */
export function ConvertButton({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  // The lead as it was when the dialog opened: converting changes it under the dialog's feet.
  const [opened, setOpened] = useState<Lead | null>(null);
  const canShow = lead.conversion !== null || lead.can.convert === true;
  return (
    <>
      {canShow && (
        <Button
          variant={lead.conversion ? "secondary" : "primary"}
          icon={
            lead.conversion ? (
              <CircleCheck className="size-4 text-ok" />
            ) : (
              <ArrowRightLeft className="size-4" />
            )
          }
          onClick={() => setOpened(lead)}
        >
          {lead.conversion ? t("conversion:converted") : t("conversion:convert")}
        </Button>
      )}
      {opened && <ConvertDialog lead={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
