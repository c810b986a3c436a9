import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { RecordType } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Panel } from "./Panel";

/** A record the user opened lately. */
export interface Recent {
  type: RecordType;
  id: string;
  name: string;
}

/** What the user looked at last, in this browser. */
export function RecentPanel({ recents }: { recents: Recent[] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("home:recent")}>
      {recents.length === 0 ? (
        <p className="py-6 text-fg3">{t("home:noRecent")}</p>
      ) : (
        <ul className="-mx-2">
          {recents.slice(0, 6).map((recent) => (
            <li key={recent.id}>
              <Link
                to={`/${recent.type}/${recent.id}` as string}
                className="flex h-9 items-center gap-2.5 rounded-md px-2 hover:bg-hover phone:h-12"
              >
                <Avatar
                  name={recent.name}
                  kind={["leads", "contacts"].includes(recent.type) ? "person" : "company"}
                />
                <span className="min-w-0 flex-1 truncate">{recent.name}</span>
                <span className="shrink-0 text-fg3 text-xs">{t(`records:one.${recent.type}`)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
