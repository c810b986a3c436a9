import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Candidate, ConvertedKind } from "@/api/conversion";
import { cn } from "@/lib/cn";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";

const COLLECTIONS = {
  customer: "customers",
  contact: "contacts",
  opportunity: "opportunities",
} as const;

/** The address of a record's page. */
export function pathOf(kind: ConvertedKind, id: string): string {
  return `/${COLLECTIONS[kind]}/${id}`;
}

/** The collection of one of the three. */
export function collectionOf(kind: ConvertedKind) {
  return COLLECTIONS[kind];
}

interface CandidatesProps {
  kind: ConvertedKind;
  candidates: Candidate[];
  chosen: string | null;
  onChoose: (candidate: Candidate) => void;
}

/** Records that may be the same as the lead: how sure, and why. */
export function Candidates({ kind, candidates, chosen, onChoose }: CandidatesProps) {
  const { t } = useTranslation();
  if (candidates.length === 0) return null;
  return (
    <ul aria-label={t(`conversion:candidates.${kind}`)} className="flex flex-col gap-1.5">
      {candidates.map((candidate) => (
        <li
          key={candidate.id}
          className={cn(
            "relative rounded-lg border border-line px-2.5 py-2 hover:border-line-strong",
            candidate.id === chosen && "border-accent bg-accent-soft hover:border-accent",
          )}
        >
          <div className="flex items-center gap-2">
            <Avatar name={candidate.name} kind={kind === "contact" ? "person" : "company"} />
            <button
              type="button"
              aria-pressed={candidate.id === chosen}
              onClick={() => onChoose(candidate)}
              className="min-w-0 flex-1 truncate text-left after:absolute after:inset-0 after:rounded-lg phone:py-2"
            >
              {candidate.name}
            </button>
            {candidate.score !== undefined && (
              <span className="tnum text-fg2 text-xs">
                {t("conversion:score", { score: candidate.score })}
              </span>
            )}
            <OpenLink kind={kind} candidate={candidate} />
          </div>
          <div className="mt-1 flex flex-wrap items-center gap-1 text-fg2 text-xs">
            {(candidate.matched ?? []).map((what) => (
              <Badge key={what} colour="green">
                {t(`conversion:matched.${what}`)}
              </Badge>
            ))}
            {candidate.owner && <span>{candidate.owner.name}</span>}
            {candidate.is_editable === false && <span>{t("conversion:notEditable")}</span>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function OpenLink({ kind, candidate }: { kind: ConvertedKind; candidate: Candidate }) {
  const { t } = useTranslation();
  return (
    <Link
      to={pathOf(kind, candidate.id)}
      target="_blank"
      aria-label={t("conversion:openNamed", { name: candidate.name })}
      className="relative z-[1] flex size-6 shrink-0 items-center justify-center rounded-md text-fg3 hover:bg-hover hover:text-fg phone:size-11"
    >
      <ExternalLink className="size-3.5" />
    </Link>
  );
}
