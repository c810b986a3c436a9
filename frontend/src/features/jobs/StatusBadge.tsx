import { useTranslation } from "react-i18next";
import type { JobStatus } from "@/api/jobs";
import { Badge } from "@/ui/Badge";
import { STATUS_COLOURS } from "./words";

/** How far a job is, in a word. */
export function StatusBadge({ status }: { status: JobStatus }) {
  const { t } = useTranslation();
  return <Badge colour={STATUS_COLOURS[status]}>{t(`jobs:status.${status}`)}</Badge>;
}
