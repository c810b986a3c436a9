import { useQuery } from "@tanstack/react-query";
import { summaryQuery } from "@/api/records";
import type { Pipeline } from "@/api/types";

/** How many opportunities stand in each stage of a pipeline, as far as the user may see them. */
export function useStageUse(pipeline: Pipeline, isWanted: boolean) {
  const { data } = useQuery({
    ...summaryQuery("opportunities", {
      group_by: "stage_id",
      filter: `pipeline_id = "${pipeline.id}"`,
    }),
    enabled: isWanted,
  });
  return data && new Map(data.map(({ key, count }) => [String(key.stage_id), count]));
}
