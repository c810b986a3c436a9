import { useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Lead } from "@/api/types";
import type { AskedLeads } from "@/features/jobs/ConvertMany";
import type { Chosen } from "@/features/records/bulk";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { Button } from "@/ui/Button";

const ConvertMany = lazyNamed(() =>
  withTexts("jobs", () =>
    withTexts("conversion", () => import("@/features/jobs/ConvertMany")),
  ).then((module) => module.ConvertMany),
);

/** Who means every lead must say so: a list without any condition has no filter. */
const EVERY_LEAD = 'status_category NOT IN ("converted")';

function isConvertible(record: AnyRecord): boolean {
  return record.can.convert === true && !(record as Lead).conversion;
}

function askedOf({ records, query, count }: Chosen): AskedLeads {
  if (query) {
    const { q, filter } = query;
    const leads = { ...(q !== undefined && { q }), ...(filter !== undefined && { filter }) };
    const isWhole = q === undefined && filter === undefined;
    return { leads: isWhole ? { filter: EVERY_LEAD } : leads, count, leftOut: 0 };
  }
  const leads = records.filter(isConvertible);
  return {
    leads: { ids: leads.map(({ id }) => id) },
    count: leads.length,
    leftOut: records.length - leads.length,
  };
}

/** Converts many leads of a list: the button among those for the chosen rows, and the dialog it opens. */
export function ConvertChosen({ chosen }: { chosen: Chosen }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  // What was chosen when the dialog opened: the list may go on under it.
  const [asked, setAsked] = useState<AskedLeads | null>(null);
  if (!chosen.records.some(isConvertible)) return null;
  return (
    <>
      <Button variant="ghost" onClick={() => setAsked(askedOf(chosen))}>
        {t("bulk:convert")}
      </Button>
      {asked && (
        <Suspense fallback={null}>
          <ConvertMany
            asked={asked}
            onClose={() => setAsked(null)}
            onStarted={({ id }) => {
              chosen.onDone();
              void navigate({ to: `/jobs/${id}` as string });
            }}
          />
        </Suspense>
      )}
    </>
  );
}
