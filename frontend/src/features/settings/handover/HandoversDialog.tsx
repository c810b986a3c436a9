import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Handover, handoverKey, handoversQuery } from "@/api/handover";
import type { User } from "@/api/people";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "../Loaded";
import { countsWords } from "./counts";
import { HandoverResult } from "./HandoverResult";
import { UndoButton } from "./UndoButton";

interface HandoversDialogProps {
  user: User;
  onClose: () => void;
}

/** What somebody has handed over: one after the other, and what became of each. */
export function HandoversDialog({ user, onClose }: HandoversDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const handovers = useQuery(handoversQuery(user.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = handovers.data?.find(({ id }) => id === chosen);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("handover:list.title", { name: user.name })}
      footer={
        shown ? (
          <>
            <UndoButton
              handover={shown}
              onUndone={() => void client.invalidateQueries({ queryKey: handoverKey })}
            />
            <Button onClick={() => setChosen(null)}>{t("handover:list.back")}</Button>
          </>
        ) : (
          <Button onClick={onClose}>{t("common:close")}</Button>
        )
      }
    >
      <Loaded query={handovers}>
        {(all) => {
          if (shown) return <HandoverResult handover={shown} />;
          if (all.length === 0) return <EmptyState title={t("handover:list.empty")} />;
          return (
            <ul className="border-line border-t">
              {all.map((handover) => (
                <HandoverLine
                  key={handover.id}
                  handover={handover}
                  onOpen={() => setChosen(handover.id)}
                />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Dialog>
  );
}

function HandoverLine({ handover, onOpen }: { handover: Handover; onOpen: () => void }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  return (
    <li className="border-line border-b">
      <button
        type="button"
        onClick={onOpen}
        className="flex min-h-11 w-full items-center gap-2 rounded-md px-2 py-2 text-left hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="tnum flex flex-wrap items-center gap-2">
            {instant(handover.created_at)}
            {handover.undone_at && <Badge>{t("handover:undo.undone")}</Badge>}
            {handover.switched_off && <Badge>{t("handover:list.off")}</Badge>}
          </span>
          <span className="tnum block text-fg2 text-xs">{countsWords(t, handover.counts)}</span>
        </span>
        <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-fg3" />
      </button>
    </li>
  );
}
