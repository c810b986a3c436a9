import { CircleQuestionMark } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Lead } from "@/api/types";
import { lazyNamed } from "@/lib/lazy";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { Skeleton } from "@/ui/Skeleton";

const Reasons = lazyNamed(() => import("./Reasons").then((module) => module.Reasons));

/** Beside the rating of a lead: what its score is made of, and whose word the rating is. */
export function WhyScore({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const label = t("scoring:why");
  return (
    <Popover
      label={label}
      align="end"
      className="w-88 p-3"
      trigger={
        <IconButton size="sm" label={label} className="mt-0.5 text-fg3 phone:mt-0">
          <CircleQuestionMark />
        </IconButton>
      }
    >
      <h3 className="mb-1 font-medium">{label}</h3>
      <Suspense fallback={<Skeleton className="my-3" />}>
        <Reasons lead={lead} />
      </Suspense>
    </Popover>
  );
}
