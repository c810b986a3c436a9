import { Pencil } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord } from "@/api/types";
import { lazyNamed } from "@/lib/lazy";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import type { Descriptor } from "./model";

// Most records are only read; the form comes with the first wish to edit one.
const EditForm = lazyNamed(() => import("./EditForm").then((module) => module.EditForm));

interface EditButtonProps {
  descriptor: Descriptor;
  record: AnyRecord;
}

/** Opens the form of all fields, by a press or the key E; absent when the record is not to be changed. */
export function EditButton({ descriptor, record }: EditButtonProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useShortcuts(record.can.edit ? { e: () => setOpen(true) } : {});
  if (!record.can.edit) return null;
  return (
    <>
      <Button icon={<Pencil className="size-3.5" />} onClick={() => setOpen(true)}>
        {t("records:edit.button")}
        <Kbd keys="e" />
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <EditForm descriptor={descriptor} record={record} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
