import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleDashed, CircleSlash, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ItemState, JobItem } from "@/api/jobs";
import type { About } from "@/api/types";
import { collectionOf } from "@/features/records/descriptors";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/Button";

const FACES: Record<ItemState, { icon: LucideIcon; tone: string }> = {
  succeeded: { icon: CircleCheck, tone: "text-ok" },
  failed: { icon: CircleAlert, tone: "text-danger" },
  skipped: { icon: CircleSlash, tone: "text-fg3" },
  pending: { icon: CircleDashed, tone: "text-fg3" },
};

interface ItemProps {
  item: JobItem;
  onByHand: (lead: string) => void;
}

/** What became of one lead: the records it is now, or why it is none. */
export function Item({ item, onByHand }: ItemProps) {
  const { t } = useTranslation();
  const { record, state, made, notes, candidates } = item;
  const { icon: Icon, tone } = FACES[state];
  const name = record.name ?? t("jobs:hidden");
  return (
    <li className="flex items-start gap-3 border-line border-b px-4 py-2.5 phone:flex-wrap phone:gap-y-2">
      <Icon
        className={cn("mt-0.5 size-4 shrink-0", tone)}
        role="img"
        aria-label={t(`jobs:stateOne.${state}`)}
      />
      <div className="flex min-w-0 flex-1 flex-col gap-0.5 phone:basis-[calc(100%-1.75rem)]">
        <p className="truncate">
          <RecordLink record={record} className="font-medium" />
        </p>
        {state === "skipped" && <p className="text-fg2 text-xs">{t("jobs:stateOne.skipped")}</p>}
        {made.length > 0 && (
          <Records>
            {made.map((one) => (
              <li key={one.id} className="flex min-w-0 max-w-full gap-1.5">
                <span className="shrink-0 text-fg3">
                  {t(`records:one.${collectionOf(one.type)}`)}
                </span>
                <RecordLink record={one} className="truncate" />
              </li>
            ))}
          </Records>
        )}
        {notes.map((note) => (
          <p key={note} className="text-fg2 text-xs">
            {t(`conversion:note.${note}`)}
          </p>
        ))}
        {item.problem && <Problem problem={item.problem} />}
        {candidates.length > 0 && (
          <div className="flex flex-wrap gap-x-2">
            <span className="text-fg2">{t("jobs:candidates")}</span>
            <Records>
              {candidates.map((one) => (
                <li key={one.id} className="min-w-0 max-w-full">
                  <RecordLink record={one} className="truncate" />
                </li>
              ))}
            </Records>
          </div>
        )}
      </div>
      {state === "failed" && record.name !== null && (
        <Button
          size="sm"
          className="phone:ml-7"
          aria-label={t("jobs:byHandNamed", { name })}
          onClick={() => onByHand(record.id)}
        >
          {t("jobs:byHand")}
        </Button>
      )}
    </li>
  );
}

function Records({ children }: { children: ReactNode }) {
  return <ul className="flex min-w-0 flex-wrap gap-x-4 gap-y-0.5">{children}</ul>;
}

/** A way to a record; one that may not be seen leads nowhere. */
function RecordLink({ record, className }: { record: About; className?: string }) {
  const { t } = useTranslation();
  if (record.name === null) return <span className="text-fg3">{t("jobs:hidden")}</span>;
  return (
    <Link
      to={`/${collectionOf(record.type)}/${record.id}` as string}
      className={cn("underline-offset-2 hover:text-accent-strong hover:underline", className)}
    >
      {record.name}
    </Link>
  );
}

/** Why it was not done, with what is wrong in particular. */
function Problem({ problem }: { problem: NonNullable<JobItem["problem"]> }) {
  const text = problem.detail ?? problem.title ?? problem.code;
  const faults = problem.errors?.flatMap(({ detail }) => (detail && detail !== text ? detail : []));
  return (
    <p className="break-words text-danger">
      {text}
      {faults && faults.length > 0 && ` (${[...new Set(faults)].join("; ")})`}
    </p>
  );
}
