import { CircleSlash, Undo2, Waves } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Handover, Share } from "@/api/handover";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { countsWords, leftWords } from "./counts";

/** Who has got how much, and what became of it when it was undone. */
export function HandoverResult({ handover }: { handover: Handover }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const { user, created_by, created_at, reason, shares, switched_off, undone_at } = handover;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-fg2">
        {t("handover:result.by", {
          name: created_by?.name ?? t("records:system"),
          when: instant(created_at),
        })}
        {reason && ` · ${reason}`}
        {switched_off && ` · ${t("handover:result.switchedOff", { name: user?.name })}`}
      </p>
      <ul aria-label={t("handover:result.shares")} className="border-line border-t">
        {shares.map((share) => (
          <ShareLine key={share.user?.id ?? share.pool?.id ?? "nobody"} share={share} />
        ))}
      </ul>
      {undone_at ? (
        <Undone handover={handover} at={undone_at} />
      ) : (
        <UndoUntil handover={handover} />
      )}
    </div>
  );
}

function faceOf({ user, pool }: Share, nobody: string): { icon: ReactNode; name: string } {
  if (user) return { icon: <Avatar name={user.name} size="md" />, name: user.name };
  if (pool) return { icon: <Waves className="mx-1 size-4 text-fg3" />, name: pool.name };
  return { icon: <CircleSlash className="mx-1 size-4 text-fg3" />, name: nobody };
}

function ShareLine({ share }: { share: Share }) {
  const { t } = useTranslation();
  const { icon, name } = faceOf(share, t("handover:result.nobody"));
  return (
    <li className="flex min-h-11 items-center gap-2.5 border-line border-b py-2">
      {icon}
      <span className="min-w-0 flex-1 phone:flex phone:flex-col">
        <span className="font-medium">{name}</span>{" "}
        <span className="tnum text-fg2">{countsWords(t, share.counts)}</span>
      </span>
    </li>
  );
}

function UndoUntil({ handover }: { handover: Handover }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const { can_undo, undo_until } = handover;
  return (
    <p className="text-fg3 text-xs">
      {t(can_undo ? "handover:undo.until" : "handover:undo.past", { when: instant(undo_until) })}
    </p>
  );
}

function Undone({ handover, at }: { handover: Handover; at: string }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const { undone_by, returned } = handover;
  const back = returned ? countsWords(t, returned) : "";
  return (
    <section className="rounded-md bg-hover p-3" aria-label={t("handover:undo.undone")}>
      <p className="flex items-center gap-2 font-medium">
        <Undo2 aria-hidden="true" className="size-4" />
        {t("handover:undo.by", { name: undone_by?.name ?? t("records:system"), when: instant(at) })}
      </p>
      <ul className="mt-1 text-fg2">
        <li>
          {back === "" ? t("handover:undo.nothing") : t("handover:undo.returned", { what: back })}
        </li>
        {leftWords(t, handover).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
