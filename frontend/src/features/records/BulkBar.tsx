import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { batchRecords, recordKeys } from "@/api/records";
import { findUsers } from "@/api/search";
import type { AnyRecord } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { TagInput } from "@/ui/TagInput";
import { toast } from "@/ui/Toast";
import type { Descriptor } from "./model";
import { toastProblem, useDelete } from "./use-delete";
import { refreshAround } from "./use-record-update";

interface BulkBarProps {
  descriptor: Descriptor;
  records: AnyRecord[];
  onDone: () => void;
}

type Change = (record: AnyRecord) => Record<string, unknown>;

/** Changes many records at once; answers how many were changed, and offers to take it back. */
function useBulkUpdate({ descriptor, records, onDone }: BulkBarProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { type } = descriptor;

  async function send(items: { id: string; version: number; data: Record<string, unknown> }[]) {
    const results = await batchRecords(
      type,
      items.map((item) => ({ action: "update", ...item })),
    );
    await client.invalidateQueries({ queryKey: recordKeys.all(type) });
    await refreshAround(client, type);
    return results;
  }

  return async function change(make: Change, undo: Change) {
    try {
      const results = await send(
        records.map((record) => ({ id: record.id, version: record.version, data: make(record) })),
      );
      const back = results.flatMap((result) => {
        const record = records[result.index];
        if (!record || result.status >= 400) return [];
        return [
          { id: record.id, version: result.version ?? record.version + 1, data: undo(record) },
        ];
      });
      const failed = results.length - back.length;
      toast(t("records:bulk.changed", { count: back.length }), {
        ...(failed > 0 && { description: t("records:bulk.refused", { count: failed }) }),
        action: { label: t("records:undo"), run: () => void send(back) },
      });
      onDone();
    } catch (error) {
      toastProblem(asProblem(error));
    }
  };
}

/** What can be done with the selected rows; floats over the list. */
export function BulkBar(props: BulkBarProps) {
  const { t } = useTranslation();
  const { descriptor, records, onDone } = props;
  const change = useBulkUpdate(props);
  const remove = useDelete(descriptor.type);
  const [tags, setTags] = useState<string[]>([]);
  const mayAssign = records.every((record) => record.can.assign);
  const mayEdit = records.every((record) => record.can.edit);
  const mayDelete = records.every((record) => record.can.delete);

  return (
    <section
      aria-label={t("records:bulk.label")}
      className="absolute bottom-12 left-1/2 z-30 flex -translate-x-1/2 items-center gap-1 rounded-lg bg-raised py-1 pr-1 pl-4 shadow-float"
    >
      <span className="mr-1 whitespace-nowrap font-medium" role="status">
        {t("records:bulk.selected", { count: records.length })}
      </span>
      {mayAssign && (
        <Popover
          label={t("records:bulk.assign")}
          className="w-72"
          trigger={<Button variant="ghost">{t("records:bulk.assign")}</Button>}
        >
          <Combobox
            label={t("records:field.owner_id")}
            placeholder={t("records:field.owner_id")}
            value={null}
            search={findUsers}
            autoFocus
            renderIcon={(option) => <Avatar name={option.name} />}
            onChange={(owner) =>
              owner &&
              void change(
                () => ({ owner_id: owner.id }),
                (record) => ({ owner_id: record.owner_id }),
              )
            }
          />
        </Popover>
      )}
      {mayEdit && (
        <Popover
          label={t("records:bulk.tag")}
          className="flex w-80 items-start gap-2"
          trigger={<Button variant="ghost">{t("records:bulk.tag")}</Button>}
        >
          <div className="min-w-0 flex-1">
            <TagInput label={t("records:field.tags")} value={tags} onChange={setTags} autoFocus />
          </div>
          <Button
            variant="primary"
            disabled={tags.length === 0}
            onClick={() =>
              void change(
                (record) => ({ tags: [...new Set([...record.tags, ...tags])] }),
                (record) => ({ tags: record.tags }),
              )
            }
          >
            {t("records:bulk.add")}
          </Button>
        </Popover>
      )}
      {mayDelete && (
        <Button
          variant="ghost"
          className="text-danger hover:bg-danger-soft hover:text-danger"
          onClick={() => void remove(records).then(onDone)}
        >
          {t("records:delete")}
        </Button>
      )}
      <IconButton label={t("records:bulk.clear")} onClick={onDone}>
        <X />
      </IconButton>
    </section>
  );
}
