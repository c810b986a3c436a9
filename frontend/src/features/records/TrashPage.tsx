import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { activitiesKey, restoreActivity } from "@/api/activities";
import { asProblem } from "@/api/problem";
import { restoreRecord, type TrashType, trashQuery } from "@/api/records";
import type { TrashEntry } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { collectionOf, descriptors, recordTypes } from "./descriptors";
import { toastProblem } from "./use-delete";

interface TrashPageProps {
  types: TrashType[];
  onTypes: (types: TrashType[]) => void;
}

const TYPES: TrashType[] = [...recordTypes, "activities"];

/** What was deleted in the last thirty days, each to be taken back. */
export function TrashPage({ types, onTypes }: TrashPageProps) {
  const { t } = useTranslation();
  const query = useQuery(trashQuery(types));
  const entries = query.data ?? [];
  const choose = (type: TrashType | null) => onTypes(type === null ? [] : [type]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader title={t("records:trash.title")} />
      <nav
        aria-label={t("records:trash.types")}
        className="scrollbar-none flex shrink-0 gap-1 overflow-x-auto border-line border-b bg-panel px-3 py-1.5"
      >
        {[null, ...TYPES].map((type) => (
          <Button
            key={type ?? "all"}
            variant="ghost"
            size="sm"
            aria-pressed={type === (types[0] ?? null)}
            className="aria-pressed:bg-hover aria-pressed:text-fg"
            onClick={() => choose(type)}
          >
            {type === null ? t("records:view.all") : t(`records:plural.${type}`)}
          </Button>
        ))}
      </nav>
      <div className="min-h-0 flex-1 overflow-y-auto bg-panel">
        {query.isPending && <SkeletonRows label={t("records:loading")} />}
        {query.isError && (
          <ErrorState problem={asProblem(query.error)} onRetry={() => void query.refetch()} />
        )}
        {query.isSuccess && entries.length === 0 && (
          <EmptyState icon={<Trash2 />} title={t("records:trash.empty")}>
            {t("records:trash.emptyHint")}
          </EmptyState>
        )}
        <ul>
          {entries.map((entry) => (
            <TrashLine key={entry.id} entry={entry} />
          ))}
        </ul>
      </div>
    </div>
  );
}

function TrashLine({ entry }: { entry: TrashEntry }) {
  const { t } = useTranslation();
  const { relativeDay, date } = useFormat();
  const client = useQueryClient();
  const type = entry.type === "activity" ? "activities" : collectionOf(entry.type);
  const restore = useMutation({
    mutationFn: async () =>
      void (await (type === "activities"
        ? restoreActivity(entry.id)
        : restoreRecord(type, entry.id))),
    onSuccess: async () => {
      toast(t("records:trash.restored", { name: entry.name }));
      await client.invalidateQueries({ queryKey: ["trash"] });
      await client.invalidateQueries({ queryKey: activitiesKey });
      await client.invalidateQueries({ queryKey: ["records"] });
    },
    onError: (error) => toastProblem(asProblem(error)),
  });
  return (
    <li className="flex min-h-11 items-center gap-3 border-line border-b px-4 py-1">
      <Avatar
        name={entry.name}
        kind={type === "activities" ? "person" : descriptors[type].avatarKind}
        size="md"
      />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {entry.name} <span className="text-fg3">{t(`records:one.${type}`)}</span>
        </p>
        <p className="truncate text-fg2 text-xs">
          {t("records:trash.deletedBy", {
            name: entry.deleted_by?.name ?? t("records:system"),
            when: relativeDay(entry.deleted_at),
          })}
          {" · "}
          {t("records:trash.purge", { date: date(entry.purge_at) })}
        </p>
      </div>
      <Button
        size="sm"
        icon={<RotateCcw className="size-3.5" />}
        busy={restore.isPending}
        aria-label={t("records:trash.restoreNamed", { name: entry.name })}
        onClick={() => restore.mutate()}
      >
        {t("records:trash.restore")}
      </Button>
    </li>
  );
}
