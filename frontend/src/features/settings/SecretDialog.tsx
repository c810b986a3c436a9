import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";

interface SecretDialogProps {
  title: string;
  /** What it is for, and that it is not shown again. */
  description: string;
  copyLabel: string;
  secret: string;
  onClose: () => void;
}

/** Something that is shown this once, to be copied. */
export function SecretDialog(props: SecretDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      keepOnOutsidePress
      onOpenChange={props.onClose}
      title={props.title}
      description={props.description}
      footer={
        <Button variant="primary" onClick={props.onClose}>
          {t("settings:kept")}
        </Button>
      }
    >
      <div className="flex items-center gap-2 rounded-lg border border-line bg-bg py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 select-all break-all">{props.secret}</code>
        <CopyButton label={props.copyLabel} text={props.secret} />
      </div>
    </Dialog>
  );
}
