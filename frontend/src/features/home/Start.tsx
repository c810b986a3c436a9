import { Link } from "@tanstack/react-router";
import { ArrowRight, KanbanSquare, Sparkles, Users } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isGranted } from "@/api/me";
import type { Me } from "@/api/types";
import { openQuickCreate } from "@/features/records/quick-create";

const line =
  "flex w-full items-center gap-4 rounded-xl border border-line bg-panel p-4 text-left hover:border-line-strong hover:bg-hover";

/** The first steps in a new installation. */
export function Start({ me }: { me: Me }) {
  const { t } = useTranslation();
  const may = (type: string, action: string) => isGranted(me.permissions, type, action);
  return (
    <section aria-label={t("home:start.title")} className="mx-auto mt-10 max-w-xl phone:mt-2">
      <h2 className="font-semibold text-lg">{t("home:start.title")}</h2>
      <p className="mb-4 text-fg2">{t("home:start.hint")}</p>
      <ol className="flex flex-col gap-2">
        {may("lead", "create") && (
          <li>
            <button type="button" className={line} onClick={() => openQuickCreate("leads")}>
              <Step icon={<Sparkles />} name="lead" />
            </button>
          </li>
        )}
        {may("user", "configure") && (
          <li>
            <Link to={"/settings/people" as string} className={line}>
              <Step icon={<Users />} name="people" />
            </Link>
          </li>
        )}
        {may("configuration", "configure") && (
          <li>
            <Link to={"/settings/pipelines" as string} className={line}>
              <Step icon={<KanbanSquare />} name="pipeline" />
            </Link>
          </li>
        )}
      </ol>
    </section>
  );
}

function Step({ icon, name }: { icon: ReactNode; name: "lead" | "people" | "pipeline" }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="flex size-10 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent [&_svg]:size-5">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{t(`home:start.${name}.title`)}</span>
        <span className="block text-fg2">{t(`home:start.${name}.hint`)}</span>
      </span>
      <ArrowRight className="size-4 shrink-0 text-fg3" aria-hidden="true" />
    </>
  );
}
