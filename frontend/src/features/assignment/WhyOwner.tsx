import { useQuery } from "@tanstack/react-query";
import { CircleQuestionMark } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/me";
import type { Lead } from "@/api/types";
import { lazyNamed } from "@/lib/lazy";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { Skeleton } from "@/ui/Skeleton";

const Reasons = lazyNamed(() => import("./Reasons").then((module) => module.Reasons));

/** Beside the owner of a lead: how the rules came to choose them, or nobody. */
export function WhyOwner({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery()).data;
  const whom = lead.owner_id === null ? "nobody" : lead.owner_id === me?.id ? "me" : "them";
  const label = t(`assignment:why.${whom}`);
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
