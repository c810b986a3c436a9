import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { asProblem } from "@/api/problem";
import { recordQuery } from "@/api/records";
import type { Lead } from "@/api/types";
import { toastProblem } from "@/features/records/use-delete";
import { ConvertDialog } from "./convert-dialog";

interface ConvertLeadProps {
  id: string;
  onClose: () => void;
}

/** Reads a lead and converts it; one that cannot be read is said to be so. */
export function ConvertLead({ id, onClose }: ConvertLeadProps) {
  const { data, error } = useQuery({ ...recordQuery("leads", id), staleTime: 0, gcTime: 0 });
  // The lead as it was when the dialog opened: converting changes it under the dialog's feet.
  const [lead, setLead] = useState<Lead | null>(null);
  if (data && !lead) setLead(data);
  useEffect(() => {
    if (!error) return;
    toastProblem(asProblem(error));
    onClose();
  }, [error, onClose]);
  if (!lead) return null;
  return (
    <Suspense fallback={null}>
      <ConvertDialog lead={lead} onClose={onClose} />
    </Suspense>
  );
}
