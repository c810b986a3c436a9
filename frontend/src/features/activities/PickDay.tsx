import { lazy, Suspense } from "react";
import { Dialog } from "@/ui/Dialog";
import { Skeleton } from "@/ui/Skeleton";

const Calendar = lazy(() => import("@/ui/Calendar"));

interface PickDayProps {
  title: string;
  value: string | null;
  onPick: (day: string) => void;
  onClose: () => void;
}

/** A calendar in a dialog, for a menu that offers any day. */
export function PickDay({ title, value, onPick, onClose }: PickDayProps) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} size="sm">
      <Suspense fallback={<Skeleton className="h-72" />}>
        <div className="flex justify-center">
          <Calendar
            value={value}
            onChange={(day) => {
              onPick(day);
              onClose();
            }}
          />
        </div>
      </Suspense>
    </Dialog>
  );
}
