import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { leadScoreQuery, type Rating } from "@/api/scoring";
import type { Lead } from "@/api/types";
import { toastProblem } from "@/features/records/use-delete";
import { useRecordUpdate } from "@/features/records/use-record-update";
import { SegmentedControl } from "@/ui/SegmentedControl";

const RATINGS: Rating[] = ["hot", "warm", "cold"];

interface RateByHandProps {
  lead: Lead;
  /** Whether there are rules that could rate it. */
  hasRules: boolean;
}

/** Rates a lead by hand, which the rules then leave alone, or gives it back to them. */
export function RateByHand({ lead, hasRules }: RateByHandProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const update = useRecordUpdate("leads");
  const rate = useMutation({
    mutationFn: (rating: Rating | null) =>
      // What the rules will say, only the answer tells.
      update(lead, { rating }, rating === null ? {} : { rating, rating_by: "person" }),
    onError: (error) => toastProblem(asProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: leadScoreQuery(lead.id).queryKey }),
  });
  const label = t("scoring:byHand");
  return (
    <div className="mt-2 border-line border-t pt-2">
      <p className="mb-1 text-fg2 text-xs">{label}</p>
      <SegmentedControl<Rating | "none">
        label={label}
        className="w-full"
        value={lead.rating_by === "person" && lead.rating !== null ? lead.rating : "none"}
        onChange={(next) => rate.mutate(next === "none" ? null : next)}
        options={[
          { value: "none", label: t(hasRules ? "scoring:byRules" : "scoring:byNobody") },
          ...RATINGS.map((rating) => ({ value: rating, label: t(`records:rating.${rating}`) })),
        ]}
      />
    </div>
  );
}
