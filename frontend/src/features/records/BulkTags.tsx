import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BulkTarget } from "@/api/bulk";
import { Button } from "@/ui/Button";
import { Popover } from "@/ui/Popover";
import { TagInput } from "@/ui/TagInput";
import type { BulkChange } from "./bulk";

const tagsOf = (target: BulkTarget) => (target.tags ?? []) as string[];

/** Adds tags to many records, or takes them off. */
export function BulkTags({ onChange }: { onChange: (change: BulkChange) => void }) {
  const { t } = useTranslation();
  const [tags, setTags] = useState<string[]>([]);
  const change = (next: (old: string[]) => string[]) =>
    onChange({
      kind: "update",
      members: ["tags"],
      make: (target) => ({ tags: next(tagsOf(target)) }),
      undo: (target) => ({ tags: tagsOf(target) }),
    });
  return (
    <Popover
      label={t("bulk:tag")}
      className="flex w-96 items-start gap-2"
      trigger={<Button variant="ghost">{t("bulk:tag")}</Button>}
    >
      <div className="min-w-0 flex-1">
        <TagInput label={t("records:field.tags")} value={tags} onChange={setTags} autoFocus />
      </div>
      <Button
        disabled={tags.length === 0}
        onClick={() => change((old) => old.filter((tag) => !tags.includes(tag)))}
      >
        {t("bulk:takeOff")}
      </Button>
      <Button
        variant="primary"
        disabled={tags.length === 0}
        onClick={() => change((old) => [...new Set([...old, ...tags])])}
      >
        {t("bulk:add")}
      </Button>
    </Popover>
  );
}
