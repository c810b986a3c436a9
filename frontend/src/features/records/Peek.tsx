import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { AnyRecord } from "@/api/types";
import { useShortcuts } from "@/lib/shortcuts";
import { ErrorState } from "@/ui/ErrorState";
import type { MenuEntry } from "@/ui/Menu";
import { SkeletonRows } from "@/ui/Skeleton";
import { Tabs } from "@/ui/Tabs";
import { Facts, type RenderBeside } from "./Facts";
import type { Descriptor } from "./model";
import { neighboursOf } from "./neighbours";
import { RecordHeader } from "./RecordHeader";
import { Related } from "./Related";
import { useDelete } from "./use-delete";
import { useRecord } from "./use-record";

interface PeekProps {
  descriptor: Descriptor;
  id: string;
  onClose: () => void;
  onMove: (id: string) => void;
  renderActions?: ((record: AnyRecord) => ReactNode) | undefined;
  /** What stands beside its name, such as the star of a favourite. */
  renderMark?: ((record: AnyRecord) => ReactNode) | undefined;
  /** What the name of the record should be read with. */
  renderBadges?: ((record: AnyRecord) => ReactNode) | undefined;
  /** What this type can do beside what every record can. */
  menuOf?: ((record: AnyRecord) => MenuEntry[]) | undefined;
  renderBeside?: RenderBeside | undefined;
  renderTimeline?: ((record: AnyRecord) => ReactNode) | undefined;
  /** Stands between header and parts. */
  renderBanner?: ((record: AnyRecord) => ReactNode) | undefined;
}

/** A record beside its list, which stays where it is. */
export function Peek(props: PeekProps) {
  const { t } = useTranslation();
  const { descriptor, id } = props;
  const { query, record } = useRecord(descriptor.type, id);
  return (
    <aside
      aria-label={t("records:peek")}
      className="flex w-[26rem] shrink-0 flex-col border-line border-l bg-panel xl:w-[30rem]"
    >
      {record && <PeekBody key={id} {...props} record={record} />}
      {query.isPending && <SkeletonRows label={t("records:loading")} />}
      {query.isError && !record && (
        <ErrorState problem={asProblem(query.error)} onRetry={() => void query.refetch()} />
      )}
    </aside>
  );
}

type PeekTab = "facts" | "timeline" | "related";

function PeekBody({ descriptor, record, ...props }: PeekProps & { record: AnyRecord }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDelete(descriptor.type);
  const [tab, setTab] = useState<PeekTab>("facts");
  const { previous, next } = neighboursOf(descriptor.type, record.id);
  const move = (to: string | undefined) => to !== undefined && props.onMove(to);
  useShortcuts({ "[": () => move(previous), "]": () => move(next) });
  // What may only be read holds nothing to focus, and must still be scrolled by keys.
  const scrolling = (content: ReactNode) => (
    <div tabIndex={record.can.edit ? undefined : 0} className="h-full overflow-y-auto">
      {content}
    </div>
  );
  return (
    <>
      <RecordHeader
        descriptor={descriptor}
        record={record}
        heading="h2"
        onPrevious={previous === undefined ? undefined : () => move(previous)}
        onNext={next === undefined ? undefined : () => move(next)}
        onExpand={() => void navigate({ to: `/${descriptor.type}/${record.id}` })}
        onClose={props.onClose}
        onDelete={() => void remove(record).then((done) => done && props.onClose())}
        actions={props.renderActions?.(record)}
        mark={props.renderMark?.(record)}
        badges={props.renderBadges?.(record)}
        menu={props.menuOf?.(record)}
      />
      {props.renderBanner?.(record)}
      <Tabs
        label={t("records:parts")}
        className="flex-1"
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: "facts",
            label: t("records:facts"),
            content: scrolling(
              <Facts descriptor={descriptor} record={record} renderBeside={props.renderBeside} />,
            ),
          },
          {
            value: "timeline",
            label: t("records:timeline"),
            content: scrolling(props.renderTimeline?.(record)),
          },
          {
            value: "related",
            label: t("records:relatedTab"),
            content: scrolling(<Related descriptor={descriptor} record={record} />),
          },
        ]}
      />
    </>
  );
}
