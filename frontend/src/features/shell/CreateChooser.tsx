import { type LucideIcon, NotebookPen, SquareCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { RecordType } from "@/api/types";
import { openQuickCreate } from "@/features/records/quick-create";
import { Dialog } from "@/ui/Dialog";
import { recordPlaces } from "./navigation";
import { setOverlay } from "./overlay";

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
        <Choice
          icon={NotebookPen}
          label={t("activities:quick.note")}
          onChoose={() => setOverlay("note")}
        />
        <Choice
          icon={SquareCheck}
          label={t("activities:quick.task")}
          onChoose={() => setOverlay("task")}
        />
        {recordPlaces.map((place) => {
          const type = place.to.slice(1) as RecordType;
          return (
            <Choice
              key={type}
              icon={place.icon}
              label={t(`records:newOf.${type}`)}
              onChoose={() => {
                onOpenChange(false);
                openQuickCreate(type);
              }}
            />
          );
        })}
      </ul>
    </Dialog>
  );
}

interface ChoiceProps {
  icon: LucideIcon;
  label: string;
  onChoose: () => void;
}

function Choice({ icon: Icon, label, onChoose }: ChoiceProps) {
  return (
    <li>
      <button
        type="button"
        className="flex h-10 w-full items-center gap-3 rounded-md px-2 text-base hover:bg-hover phone:h-12"
        onClick={onChoose}
      >
        <Icon className="size-5 text-fg2" aria-hidden="true" />
        {label}
      </button>
    </li>
  );
}
