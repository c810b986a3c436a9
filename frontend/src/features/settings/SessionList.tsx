import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MonitorSmartphone, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { endSession, sessionsQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { Session } from "@/api/types";
import { deviceName } from "@/lib/device";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/Toast";
import { Loaded } from "./Loaded";

/** Where the user is signed in, each to be ended. */
export function SessionList() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery());
  const end = useMutation({
    mutationFn: (id: string | undefined) => endSession(id),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery().queryKey }),
    onError: (error) => toast(asProblem(error).title, { tone: "error" }),
  });
  return (
    <Loaded query={sessions}>
      {(all) => (
        <>
          <ul className="border-line border-t">
            {all.map((session) => (
              <SessionLine
                key={session.id}
                session={session}
                onEnd={() => end.mutate(session.id)}
              />
            ))}
          </ul>
          {all.length > 1 && (
            <Button
              variant="danger"
              className="mt-3"
              busy={end.isPending}
              onClick={() => end.mutate(undefined)}
            >
              {t("settings:profile.endOthers")}
            </Button>
          )}
        </>
      )}
    </Loaded>
  );
}

function SessionLine({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const Icon = session.kind === "app" ? Smartphone : MonitorSmartphone;
  const name = deviceName(session.user_agent) || t("settings:profile.unknownDevice");
  return (
    <li className="flex items-center gap-3 border-line border-b py-2">
      <Icon className="size-5 shrink-0 text-fg3" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          {name}
          {session.is_current && <Badge colour="green">{t("settings:profile.thisSession")}</Badge>}
        </p>
        <p className="truncate text-fg3 text-xs">
          {[session.ip, t("settings:profile.lastUsed", { when: instant(session.last_used_at) })]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {!session.is_current && (
        <Button size="sm" aria-label={t("settings:profile.endNamed", { name })} onClick={onEnd}>
          {t("settings:profile.end")}
        </Button>
      )}
    </li>
  );
}
