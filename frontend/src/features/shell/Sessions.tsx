import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MonitorSmartphone, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { endSession, sessionsQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { Session } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorState } from "@/ui/ErrorState";
import { SkeletonRows } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { setOverlay } from "./overlay";

/** Where the user is signed in, each to be ended. */
export default function Sessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(sessionsQuery());
  const end = useMutation({
    mutationFn: (id: string | undefined) => endSession(id),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery().queryKey }),
    onError: (error) => toast(asProblem(error).title, { tone: "error" }),
  });
  const others = query.data?.filter((session) => !session.is_current) ?? [];
  return (
    <Dialog
      open
      onOpenChange={() => setOverlay(null)}
      title={t("shell:sessions.title")}
      description={t("shell:sessions.explain")}
      footer={
        others.length > 0 && (
          <Button variant="danger" busy={end.isPending} onClick={() => end.mutate(undefined)}>
            {t("shell:sessions.endOthers")}
          </Button>
        )
      }
    >
      {query.isPending && <SkeletonRows label={t("records:loading")} />}
      {query.isError && (
        <ErrorState title={asProblem(query.error).title} onRetry={() => void query.refetch()} />
      )}
      <ul className="divide-y divide-line">
        {query.data?.map((session) => (
          <SessionLine key={session.id} session={session} onEnd={() => end.mutate(session.id)} />
        ))}
      </ul>
    </Dialog>
  );
}

/** The browser and system of a user agent, as far as its text tells. */
export function deviceName(agent: string | null): string {
  if (!agent) return "";
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0].replace("Edg", "Edge");
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0];
  return [browser, system].filter(Boolean).join(" · ") || (agent.split(/[ /]/)[0] ?? "");
}

function SessionLine({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const Icon = session.kind === "app" ? Smartphone : MonitorSmartphone;
  const name = deviceName(session.user_agent) || t("shell:sessions.unknown");
  return (
    <li className="flex items-center gap-3 py-2">
      <Icon className="size-5 shrink-0 text-fg3" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          {name}
          {session.is_current && <Badge colour="green">{t("shell:sessions.current")}</Badge>}
        </p>
        <p className="truncate text-fg2 text-xs">
          {[session.ip, t("shell:sessions.lastUsed", { when: instant(session.last_used_at) })]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {!session.is_current && (
        <Button size="sm" aria-label={t("shell:sessions.endNamed", { name })} onClick={onEnd}>
          {t("shell:sessions.end")}
        </Button>
      )}
    </li>
  );
}
