import { UserRound } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Customer, RecordType } from "@/api/types";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import type { MenuEntry } from "@/ui/Menu";

const TransferDialog = lazyNamed(() =>
  withTexts("handover", () => import("@/features/transfer/TransferDialog")).then(
    (module) => module.TransferDialog,
  ),
);

interface Asked {
  customer: Customer;
  owner: string | null;
}

/** Giving a customer to somebody else: from its menu, or by choosing another owner, and what that asks. */
export function useCustomerTransfer(type: RecordType) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);
  // What nobody owns is allotted, and nobody can be made to own only what somebody does.
  const ask = useCallback(
    (record: AnyRecord, owner: unknown) => {
      const isAsked = type === "customers" && record.owner_id !== null && owner !== null;
      if (isAsked) setAsked({ customer: record as Customer, owner: owner as string });
      return isAsked;
    },
    [type],
  );
  const menuOf = (record: AnyRecord): MenuEntry[] =>
    type === "customers" && record.can.assign && record.owner_id !== null
      ? [
          {
            id: "transfer",
            label: t("records:transfer"),
            icon: <UserRound />,
            onSelect: () => setAsked({ customer: record as Customer, owner: null }),
          },
        ]
      : [];
  const dialog = asked && (
    <Suspense fallback={null}>
      <TransferDialog {...asked} onClose={() => setAsked(null)} />
    </Suspense>
  );
  return { ask, menuOf, dialog };
}
