import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { useFormat } from "@/lib/format";
import { iconOf, sizeWords } from "./file-words";

/** The files at an activity, each to be downloaded. */
export function AttachmentList({ attachments }: { attachments: Attachment[] }) {
  const { t } = useTranslation();
  if (attachments.length === 0) return null;
  return (
    <ul
      aria-label={t("files:attachments")}
      className="mt-1.5 flex flex-wrap gap-1.5 phone:flex-col"
    >
      {attachments.map((file) => (
        <li key={file.id} className="min-w-0 max-w-full">
          <FileLink file={file} />
        </li>
      ))}
    </ul>
  );
}

/** A file with what it is, how it is called and how large it is. */
function FileLink({ file }: { file: Attachment }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const Icon = iconOf(file.media_type);
  return (
    <a
      href={file.href}
      download={file.name}
      title={file.name}
      className="flex h-8 max-w-72 items-center gap-1.5 rounded-md border border-line bg-raised px-2 hover:border-line-strong hover:bg-hover phone:h-11 phone:max-w-full"
    >
      <Icon className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      <span className="sr-only">{t("files:download")}</span>
      <span className="min-w-0 truncate">{file.name}</span>
      <span className="tnum ml-auto shrink-0 text-fg3 text-xs">
        {sizeWords(file.size, language)}
      </span>
    </a>
  );
}
