import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/Dialog";
import { Inbox } from "./Inbox";

/** The notifications on the whole screen of a phone. */
export function InboxSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open isSheet onOpenChange={(open) => !open && onClose()} title={t("shell:bell.title")}>
      <div className="-mx-5">
        <Inbox onClose={onClose} />
      </div>
    </Dialog>
  );
}
