import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import type { Uploads } from "./use-uploads";

/** Asks the browser, or the camera of a phone, for files. */
export function AttachButton({ files, className }: { files: Uploads; className?: string }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("files:attach")}
        onChange={({ currentTarget }) => {
          files.add([...(currentTarget.files ?? [])].map((file) => ({ file, isFolder: false })));
          // The same file can be chosen again after it was taken away.
          currentTarget.value = "";
        }}
      />
      <Button
        variant="ghost"
        className={className}
        icon={<Paperclip className="size-4" aria-hidden="true" />}
        onClick={() => input.current?.click()}
      >
        {t("files:attach")}
      </Button>
    </>
  );
}
