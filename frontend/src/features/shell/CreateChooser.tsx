import { useTranslation } from "react-i18next";
import type { RecordType } from "@/api/types";
import { openQuickCreate } from "@/features/records/quick-create";
import { Dialog } from "@/ui/Dialog";
import { recordPlaces } from "./navigation";

interface CreateChooserProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks what to create where the page does not say. */
export function CreateChooser({ open, onOpenChange }: CreateChooserProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("shell:createWhat")} size="sm">
      <ul className="-mx-2">
        {recordPlaces.map((place) => {
          const type = place.to.slice(1) as RecordType;
          return (
            <li key={type}>
              <button
                type="button"
                className="flex h-10 w-full items-center gap-3 rounded-md px-2 text-base hover:bg-hover phone:h-12"
                onClick={() => {
                  onOpenChange(false);
                  openQuickCreate(type);
                }}
              >
                <place.icon className="size-5 text-fg2" aria-hidden="true" />
                {t(`records:newOf.${type}`)}
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
