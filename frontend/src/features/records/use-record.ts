import { useQuery } from "@tanstack/react-query";
import { recordQuery } from "@/api/records";
import type { AnyRecord, RecordType } from "@/api/types";

/** One record of any type, from the cache at once and fresh soon after. */
export function useRecord(type: RecordType, id: string) {
  const query = useQuery({ ...recordQuery(type, id), staleTime: 0 });
  return { query, record: query.data as AnyRecord | undefined };
}
