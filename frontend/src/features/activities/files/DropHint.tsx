import { Paperclip } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Lies over the place where files can be dropped, while some are held above it. */
export function DropHint() {
  const { t } = useTranslation();
  return (
    <div className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center gap-2 rounded-lg border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-strong">
      <Paperclip className="size-4" aria-hidden="true" />
      {t("files:drop")}
    </div>
  );
}
