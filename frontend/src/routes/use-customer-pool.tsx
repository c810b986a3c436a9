import { useQueryClient } from "@tanstack/react-query";
import { CornerDownLeft, Hand, Lock, UserRoundPlus } from "lucide-react";
import { Suspense, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Customer, RecordType } from "@/api/types";
import type { PoolAsked } from "@/features/pool/question";
import type { RowAction } from "@/features/records/RecordTable";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import type { MenuEntry } from "@/ui/Menu";

const PoolDialog = lazyNamed(() =>
  withTexts("pool", () => import("@/features/pool/PoolDialog")).then((module) => module.PoolDialog),
);

const MOVES = [
  { id: "claim", icon: <Hand />, key: "v", isPrimary: true },
  { id: "allot", icon: <UserRoundPlus />, key: "a" },
  { id: "release", icon: <CornerDownLeft />, key: "r" },
  { id: "lock", icon: <Lock /> },
] as const;

type Move = (typeof MOVES)[number];

/** What may be done about a customer and its pool: from its row, from its menu, and what that asks. */
export function useCustomerPool(type: RecordType) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // The customer as it was when the dialog opened: moving it changes it under the dialog's feet.
  const [asked, setAsked] = useState<PoolAsked | null>(null);
  const run = useCallback(
    async ({ id }: Move, customer: Customer) => {
      if (id !== "claim") return setAsked({ question: id, customer });
      const { claimCustomer } = await import("@/features/pool");
      await claimCustomer(client, customer, t);
    },
    [client, t],
  );
  const actions = useMemo<RowAction[]>(
    () =>
      MOVES.flatMap((move) =>
        type === "customers" && "key" in move
          ? [
              {
                label: t(`records:pool.${move.id}`),
                key: move.key,
                icon: move.icon,
                isPrimary: "isPrimary" in move,
                appliesTo: (record: AnyRecord) => record.can[move.id] === true,
                run: (record: AnyRecord) => void run(move, record as Customer),
              },
            ]
          : [],
      ),
    [type, t, run],
  );
  const menuOf = (record: AnyRecord): MenuEntry[] =>
    MOVES.filter(({ id }) => type === "customers" && record.can[id] === true).map((move) => ({
      id: move.id,
      label: t(`records:pool.${move.id}`),
      icon: move.icon,
      onSelect: () => void run(move, record as Customer),
    }));
  const dialog = asked && (
    <Suspense fallback={null}>
      <PoolDialog asked={asked} onClose={() => setAsked(null)} />
    </Suspense>
  );
  return { actions, menuOf, dialog };
}
