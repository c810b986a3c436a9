import { AllotDialog } from "./AllotDialog";
import { LockDialog } from "./LockDialog";
import type { PoolAsked } from "./question";
import { ReleaseDialog } from "./ReleaseDialog";

interface PoolDialogProps {
  asked: PoolAsked;
  onClose: () => void;
}

const dialogs = { release: ReleaseDialog, allot: AllotDialog, lock: LockDialog };

/** Asks what must be known before a customer is moved or kept. */
export function PoolDialog({ asked, onClose }: PoolDialogProps) {
  const Dialog = dialogs[asked.question];
  return <Dialog customer={asked.customer} onClose={onClose} />;
}
