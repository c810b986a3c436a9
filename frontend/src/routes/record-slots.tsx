import { type ComponentType, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord, Customer, Lead, Opportunity, RecordType } from "@/api/types";
import { descriptors } from "@/features/records/descriptors";
import type { Field } from "@/features/records/model";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { SkeletonRows } from "@/ui/Skeleton";
import { BoardSwitch } from "./board-switch";

interface RecordSlotProps {
  record: AnyRecord;
}

const ConvertButton = lazyNamed(() =>
  withTexts("conversion", () => import("@/features/conversion/ConvertButton")).then(
    (module) => module.ConvertButton,
  ),
);
const StagePath = lazyNamed(() =>
  withTexts("board", () => import("@/features/board/StagePath")).then((module) => module.StagePath),
);
const WhyOwner = lazyNamed(() =>
  withTexts("assignment", () => import("@/features/assignment")).then((module) => module.WhyOwner),
);
const WhyScore = lazyNamed(() =>
  withTexts("scoring", () => import("@/features/scoring/WhyScore")).then(
    (module) => module.WhyScore,
  ),
);
const FavouriteButton = lazyNamed(() =>
  withTexts("desk", () => import("@/features/at-hand")).then((module) => module.FavouriteButton),
);
const PadButton = lazyNamed(() =>
  withTexts("desk", () => import("@/features/at-hand/pad")).then((module) => module.PadButton),
);
const loadPool = () => withTexts("pool", () => import("@/features/pool"));
const PoolBadge = lazyNamed(() => loadPool().then((module) => module.PoolBadge));
const PoolBanner = lazyNamed(() => loadPool().then((module) => module.PoolBanner));
const ClaimLimits = lazyNamed(() => loadPool().then((module) => module.ClaimLimits));

const RecordTimeline = lazyNamed(() =>
  withTexts("files", () => import("@/features/activities/RecordTimeline")).then(
    (module) => module.RecordTimeline,
  ),
);

function LeadActions({ record }: RecordSlotProps) {
  return (
    <Suspense fallback={null}>
      <ConvertButton lead={record as Lead} />
    </Suspense>
  );
}

function OpportunityPath({ record }: RecordSlotProps) {
  return (
    <Suspense fallback={null}>
      <StagePath opportunity={record as Opportunity} />
    </Suspense>
  );
}

function CustomerBadge({ record }: RecordSlotProps) {
  return (
    <Suspense fallback={null}>
      <PoolBadge customer={record as Customer} />
    </Suspense>
  );
}

function CustomerBanner({ record }: RecordSlotProps) {
  return (
    <Suspense fallback={null}>
      <PoolBanner customer={record as Customer} />
    </Suspense>
  );
}

/** The star beside the name of a record. */
export function FavouriteMark({ type, record }: RecordSlotProps & { type: RecordType }) {
  return (
    <Suspense fallback={null}>
      <FavouriteButton key={record.id} type={descriptors[type].singular} record={record} />
    </Suspense>
  );
}

/** What was done about a record and what is next, on its page and beside its list. */
export function RecordActivities({ type, record }: RecordSlotProps & { type: RecordType }) {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<SkeletonRows label={t("records:loading")} />}>
      <RecordTimeline
        descriptor={descriptors[type]}
        record={record}
        renderBeside={(about, write) => (
          <Suspense fallback={null}>
            <PadButton key={about.id} about={about} onLog={write} />
          </Suspense>
        )}
      />
    </Suspense>
  );
}

/** The primary actions in the header of a record, by type. */
export const recordActions: Partial<Record<RecordType, ComponentType<RecordSlotProps>>> = {
  leads: LeadActions,
};

const whys: Record<string, ComponentType<{ lead: Lead }>> = {
  owner_id: WhyOwner,
  rating: WhyScore,
};

/** What stands beside a fact of a record: at the owner and the rating of a lead, how they came to be. */
export function besideFact(record: AnyRecord, field: Field, type: RecordType): ReactNode {
  const Why = type === "leads" ? whys[field.name] : undefined;
  if (!Why) return null;
  return (
    <Suspense fallback={null}>
      <Why lead={record as Lead} />
    </Suspense>
  );
}

/** What stands between the header and the body of a record page, by type. */
export const recordBanners: Partial<Record<RecordType, ComponentType<RecordSlotProps>>> = {
  customers: CustomerBanner,
  opportunities: OpportunityPath,
};

/** The same beside a list, where there is less room. */
export const peekBanners: Partial<Record<RecordType, ComponentType<RecordSlotProps>>> = {
  customers: CustomerBanner,
};

/** What the name of a record should be read with, by type. */
export const recordBadges: Partial<Record<RecordType, ComponentType<RecordSlotProps>>> = {
  customers: CustomerBadge,
};

/** What stands above the rows of a view: for the pool, how many more customers the user may claim. */
export function listNotice(type: RecordType, view: string): ReactNode {
  if (type !== "customers" || view !== "pool") return null;
  return (
    <Suspense fallback={null}>
      <ClaimLimits />
    </Suspense>
  );
}

/** Further buttons in the header of a list, by type. */
export const listActions: Partial<Record<RecordType, () => ReactNode>> = {
  opportunities: () => <BoardSwitch value="list" />,
};
