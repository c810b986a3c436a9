import { RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { MAX_FILE_BYTES, MAX_FILES } from "@/api/files";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { IconButton } from "@/ui/IconButton";
import type { Attached } from "../draft";
import { iconOf, sizeWords } from "./file-words";
import type { Upload } from "./uploads";
import { canRetry } from "./uploads";
import type { Uploads } from "./use-uploads";

interface FileChipsProps {
  attached: Attached[];
  files: Uploads;
  /** What was attached and is no longer kept, by name. */
  gone?: string[];
}

/** What is attached, what is on its way, and what was refused and why. */
export function FileChips({ attached, files, gone = [] }: FileChipsProps) {
  const { t } = useTranslation();
  return (
    <>
      {gone.length > 0 && (
        <p role="status" className="text-warn">
          {t("files:gone", { names: gone.join(t("records:listSeparator")) })}
        </p>
      )}
      {attached.length + files.uploads.length > 0 && (
        <ul aria-label={t("files:attachments")} className="flex flex-wrap gap-1.5">
          {attached.map((file) => (
            <Chip key={file.id} name={file.name} mediaType={file.media_type} size={file.size}>
              <Remove name={file.name} onRemove={() => files.detach(file)} />
            </Chip>
          ))}
          {files.uploads.map((upload) => (
            <UploadChip key={upload.key} upload={upload} files={files} />
          ))}
        </ul>
      )}
    </>
  );
}

interface ChipProps {
  name: string;
  mediaType: string;
  size: number;
  /** What stands below the name. */
  below?: ReactNode;
  isRefused?: boolean;
  children: ReactNode;
}

function Chip({ name, mediaType, size, below, isRefused = false, children }: ChipProps) {
  const { language } = useFormat();
  const Icon = iconOf(mediaType);
  return (
    <li
      className={cn(
        "relative flex min-h-9 w-64 min-w-0 max-w-full items-center gap-2 overflow-hidden rounded-md border bg-panel pr-1 pl-2 phone:min-h-11 phone:w-full phone:pr-0",
        isRefused ? "w-80 border-danger" : "border-line-strong",
      )}
    >
      <Icon className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      <div className="min-w-0 flex-1 py-1">
        <p className="flex min-w-0 items-baseline gap-2">
          <span className="min-w-0 truncate" title={name}>
            {name}
          </span>
          <span className="tnum ml-auto shrink-0 text-fg3 text-xs">
            {sizeWords(size, language)}
          </span>
        </p>
        {below}
      </div>
      <span className="flex shrink-0">{children}</span>
    </li>
  );
}

function UploadChip({ upload, files }: { upload: Upload; files: Uploads }) {
  const { t } = useTranslation();
  const { name, type, size } = upload.file;
  const isRefused = upload.state === "refused";
  return (
    <Chip
      name={name}
      mediaType={type}
      size={size}
      isRefused={isRefused}
      below={isRefused ? <Reason upload={upload} /> : <Progress upload={upload} />}
    >
      {canRetry(upload) && (
        <IconButton
          size="sm"
          label={t("files:retryNamed", { name })}
          onClick={() => files.retry(upload)}
        >
          <RotateCw />
        </IconButton>
      )}
      <Remove name={name} onRemove={() => files.cancel(upload)} />
    </Chip>
  );
}

function Remove({ name, onRemove }: { name: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <IconButton
      size="sm"
      hasTooltip={false}
      label={t("common:removeNamed", { name })}
      onClick={onRemove}
    >
      <X />
    </IconButton>
  );
}

/** How far it has come, as a line along the lower edge. */
function Progress({ upload: { file, share } }: { upload: Upload }) {
  const { t } = useTranslation();
  const percent = Math.round(share * 100);
  return (
    <div
      role="progressbar"
      aria-label={t("files:sending", { name: file.name })}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="absolute inset-x-0 bottom-0 h-0.5 bg-hover"
    >
      <div
        className="h-full bg-accent transition-[width] duration-100 motion-reduce:transition-none"
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}

function Reason({ upload: { unfit, problem } }: { upload: Upload }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const reason =
    unfit !== null
      ? t(`files:unfit.${unfit}`, {
          size: sizeWords(MAX_FILE_BYTES, language),
          count: MAX_FILES,
        })
      : problem?.status === 0
        ? t("files:notSent")
        : (problem?.detail ?? problem?.title);
  return (
    <p role="alert" className="break-words text-danger text-xs">
      {reason}
    </p>
  );
}
