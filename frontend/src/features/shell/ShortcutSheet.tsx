import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { places } from "./navigation";
import { setOverlay } from "./overlay";

const GENERAL = [
  ["$mod+k", "shortcuts:palette"],
  ["c", "shortcuts:create"],
  ["n", "shortcuts:note"],
  ["t", "shortcuts:task"],
  ["$mod+z", "shortcuts:undo"],
  ["?", "shell:shortcuts.title"],
] as const;

const LISTS = [
  ["/", "shortcuts:search"],
  ["f", "shortcuts:filter"],
  ["j", "shortcuts:down"],
  ["k", "shortcuts:up"],
  ["x", "shortcuts:select"],
  ["Enter", "shortcuts:open"],
  ["v", "shortcuts:convert"],
  ["a", "shortcuts:allot"],
  ["r", "shortcuts:release"],
  ["e", "shortcuts:edit"],
  ["s", "shortcuts:favourite"],
  ["p", "shortcuts:pad"],
  ["m", "shortcuts:template"],
  ["Tab", "shortcuts:nextCell"],
  ["[", "records:previous"],
  ["]", "records:next"],
  ["Escape", "shortcuts:back"],
] as const;

/** Every shortcut on one sheet. */
export default function ShortcutSheet() {
  const { t } = useTranslation();
  const going = places.flatMap(({ shortcut, label }) =>
    shortcut ? [[shortcut, label] as const] : [],
  );
  const inbox = ["g n", "shell:bell.title"] as const;
  return (
    <Dialog open onOpenChange={() => setOverlay(null)} title={t("shell:shortcuts.title")} size="lg">
      <div className="grid grid-cols-3 gap-6 phone:grid-cols-1">
        <Group title={t("shortcuts:general")} rows={GENERAL} />
        <Group title={t("shortcuts:lists")} rows={LISTS} />
        <Group title={t("shortcuts:go")} rows={[...going, inbox]} />
      </div>
      <p className="mt-4 border-line border-t pt-3 text-fg2">
        {t("shell:help.more")}{" "}
        <Link to="/help" onClick={() => setOverlay(null)} className="text-accent underline">
          {t("shell:help.title")}
        </Link>
      </p>
    </Dialog>
  );
}

interface GroupProps {
  title: string;
  rows: readonly (readonly [string, string])[];
}

function Group({ title, rows }: GroupProps) {
  const { t } = useTranslation();
  return (
    <section>
      <h3 className="mb-1 text-fg3 text-xs">{title}</h3>
      <dl>
        {rows.map(([keys, label]) => (
          <div key={keys} className="flex h-8 items-center justify-between gap-2">
            <dt>{t(label)}</dt>
            <dd>
              <Kbd keys={keys} className="phone:inline-flex" />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
