import { Paperclip } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { Popover } from "@/ui/Popover";
import { AttachmentList } from "./AttachmentList";

/** In a row: how many files are attached; pressed, it shows them. */
export function AttachedMark({ attachments }: { attachments: Attachment[] }) {
  const { t } = useTranslation();
  const label = t("files:attached", { count: attachments.length });
  return (
    <Popover
      label={t("files:attachments")}
      align="end"
      trigger={
        <button
          type="button"
          aria-label={label}
          className="tnum flex h-6 shrink-0 items-center gap-0.5 rounded-md px-1 text-fg2 text-xs hover:bg-hover hover:text-fg phone:size-11 phone:justify-center"
        >
          <Paperclip className="size-3.5" aria-hidden="true" />
          {attachments.length}
        </button>
      }
    >
      <AttachmentList attachments={attachments} />
    </Popover>
  );
}
