import { useQueries } from "@tanstack/react-query";
import { collections } from "@/api/activities";
import { recordQuery } from "@/api/records";
import type { About } from "@/api/types";

/** Those of some records the user may see; what cannot be read is left out. */
export function useVisible(records: About[], enabled: boolean): About[] {
  const queries = useQueries({
    queries: records.map(({ type, id }) => ({ ...recordQuery(collections[type], id), enabled })),
  });
  return records.filter((_, index) => queries[index]?.data !== undefined);
}
