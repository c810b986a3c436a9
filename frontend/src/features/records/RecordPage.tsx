import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, use, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { AnyRecord } from "@/api/types";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { useTitle } from "@/lib/title";
import { Breadcrumb } from "@/ui/Breadcrumb";
import { ErrorState } from "@/ui/ErrorState";
import type { MenuEntry } from "@/ui/Menu";
import { HeaderEnd } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { Tabs } from "@/ui/Tabs";
import { Facts, type RenderBeside } from "./Facts";
import type { Descriptor } from "./model";
import { neighboursOf } from "./neighbours";
import { RecordHeader } from "./RecordHeader";
import { Related } from "./Related";
import { useDelete } from "./use-delete";
import { useRecord } from "./use-record";

interface RecordPageProps {
  descriptor: Descriptor;
  id: string;
  /** The primary actions of this type. */
  renderActions?: ((record: AnyRecord) => ReactNode) | undefined;
  /** What stands beside its name, such as the star of a favourite. */
  renderMark?: ((record: AnyRecord) => ReactNode) | undefined;
  /** What the name of the record should be read with. */
  renderBadges?: ((record: AnyRecord) => ReactNode) | undefined;
  /** What this type can do beside what every record can. */
  menuOf?: ((record: AnyRecord) => MenuEntry[]) | undefined;
  renderBeside?: RenderBeside | undefined;
  /** What was done about the record and what is next, and the box to write it in. */
  renderTimeline: (record: AnyRecord) => ReactNode;
  /** Stands between header and body, such as the stages of an opportunity. */
  renderBanner?: ((record: AnyRecord) => ReactNode) | undefined;
}

/** A record on a page of its own: facts, timeline, related records. */
export function RecordPage(props: RecordPageProps) {
  const { t } = useTranslation();
  const { query, record } = useRecord(props.descriptor.type, props.id);
  useTitle(record?.name);
  if (record) return <RecordBody key={record.id} {...props} record={record} />;
  if (query.isPending) return <SkeletonRows label={t("records:loading")} />;
  const problem = asProblem(query.error);
  const missing = { title: t("records:notFound"), detail: t("records:notFoundHint") };
  return (
    <ErrorState
      problem={problem.status === 404 ? { ...missing, requestId: problem.requestId } : problem}
      onRetry={() => void query.refetch()}
    />
  );
}

type Part = "facts" | "timeline" | "related";

function RecordBody({ descriptor, record, ...props }: RecordPageProps & { record: AnyRecord }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isPhone = usePhone();
  const remove = useDelete(descriptor.type);
  const [part, setPart] = useState<Part>("timeline");
  const { previous, next } = neighboursOf(descriptor.type, record.id);
  const toList = () => void navigate({ to: `/${descriptor.type}` });
  const goTo = (id: string | undefined) =>
    id !== undefined && void navigate({ to: `/${descriptor.type}/${id}` });
  useShortcuts({ "[": () => goTo(previous), "]": () => goTo(next), Escape: toList });

  const facts = <Facts descriptor={descriptor} record={record} renderBeside={props.renderBeside} />;
  const timeline = props.renderTimeline(record);
  const related = <Related descriptor={descriptor} record={record} />;
  const tab = (value: Part, label: string, content: ReactNode) => ({ value, label, content });

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-9 shrink-0 items-center border-line border-b bg-panel px-4 phone:h-11">
        <Breadcrumb
          parts={[
            {
              id: descriptor.type,
              link: (
                <Link to={`/${descriptor.type}` as string} className="phone:py-3">
                  {t(`records:plural.${descriptor.type}`)}
                </Link>
              ),
            },
          ]}
        />
        <span className="ml-1 min-w-0 flex-1 truncate text-fg2">{record.name}</span>
        {use(HeaderEnd)}
      </div>
      <RecordHeader
        descriptor={descriptor}
        record={record}
        heading="h1"
        onPrevious={previous === undefined ? undefined : () => goTo(previous)}
        onNext={next === undefined ? undefined : () => goTo(next)}
        onDelete={() => void remove(record).then((done) => done && toList())}
        actions={props.renderActions?.(record)}
        mark={props.renderMark?.(record)}
        badges={props.renderBadges?.(record)}
        menu={props.menuOf?.(record)}
      />
      {props.renderBanner?.(record)}
      {isPhone ? (
        <div className="min-h-0 flex-1 overflow-y-auto bg-panel">
          <Tabs
            label={t("records:parts")}
            value={part}
            onChange={setPart}
            tabs={[
              tab("timeline", t("records:timeline"), timeline),
              tab("facts", t("records:facts"), facts),
              tab("related", t("records:relatedTab"), related),
            ]}
          />
        </div>
      ) : (
        <div className="flex min-h-0 flex-1">
          {/* Facts that may only be read hold nothing to focus, and must still be scrolled by keys. */}
          <aside
            aria-label={t("records:facts")}
            tabIndex={record.can.edit ? undefined : 0}
            className="w-80 shrink-0 overflow-y-auto border-line border-r bg-panel xl:w-92"
          >
            {facts}
          </aside>
          <div className="relative min-w-0 flex-1 overflow-y-auto bg-panel">{timeline}</div>
          <aside
            aria-label={t("records:relatedTab")}
            className="w-80 shrink-0 overflow-y-auto border-line border-l bg-panel"
          >
            {related}
          </aside>
        </div>
      )}
    </div>
  );
}
