import { useTranslation } from "react-i18next";
import { findUsers } from "@/api/search";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { Popover } from "@/ui/Popover";

interface BulkOwnerProps {
  label: string;
  onPick: (owner: string) => void;
}

/** A button that asks for the person many records go to. */
export function BulkOwner({ label, onPick }: BulkOwnerProps) {
  const { t } = useTranslation();
  return (
    <Popover label={label} className="w-72" trigger={<Button variant="ghost">{label}</Button>}>
      <Combobox
        label={t("records:field.owner_id")}
        placeholder={t("records:field.owner_id")}
        value={null}
        search={findUsers}
        autoFocus
        renderIcon={(option) => <Avatar name={option.name} />}
        onChange={(owner) => owner && onPick(owner.id)}
      />
    </Popover>
  );
}
