import { useQuery } from "@tanstack/react-query";
import { isGranted, meQuery } from "@/api/me";

/** Whether the user may change settings of a kind, `configuration` or `user`. */
export function useMayConfigure(kind: string): boolean {
  const me = useQuery(meQuery()).data;
  return isGranted(me?.permissions ?? [], kind, "configure");
}
