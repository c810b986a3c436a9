import { Toast as Base } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/lib/shortcuts";
import { IconButton } from "./IconButton";

const UNDO_TIME = 8_000;

interface ToastData {
  undo?: () => void;
}

const manager = Base.createToastManager<ToastData>();
let lastUndo: { id: string; run: () => void } | null = null;

interface ToastOptions {
  description?: string;
  tone?: "ok" | "error";
  /** The button of the toast; usually the undo. */
  action?: { label: string; run: () => void };
}

/** Says that something happened; stays for eight seconds. May be called from anywhere. */
export function toast(title: string, options: ToastOptions = {}): void {
  const { description, tone = "ok", action } = options;
  const id = `toast-${crypto.randomUUID()}`;
  const run = () => {
    if (lastUndo?.id === id) lastUndo = null;
    manager.close(id);
    action?.run();
  };
  if (action) lastUndo = { id, run };
  manager.add({
    id,
    title,
    type: tone,
    timeout: UNDO_TIME,
    priority: tone === "error" ? "high" : "low",
    ...(description !== undefined && { description }),
    ...(action && { actionProps: { children: action.label, onClick: run } }),
    onClose: () => {
      if (lastUndo?.id === id) lastUndo = null;
    },
  });
}

/** Holds the toasts of the whole application; stands once, at the root. */
export function ToastProvider({ children }: { children: ReactNode }) {
  useShortcuts({
    "$mod+z": (event) => {
      const target = event.target;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
      lastUndo?.run();
    },
  });
  return (
    <Base.Provider toastManager={manager} limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="pointer-events-none fixed bottom-6 left-1/2 z-[60] flex w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 phone:bottom-20">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const { t } = useTranslation();
  const { toasts } = Base.useToastManager();
  return toasts.map((item) => (
    <Base.Root
      key={item.id}
      toast={item}
      className="pointer-events-auto rounded-lg bg-raised shadow-float transition-opacity duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-center gap-3 py-2 pr-2 pl-4">
        {item.type === "error" ? (
          <CircleAlert className="size-4 shrink-0 text-danger" />
        ) : (
          <CircleCheck className="size-4 shrink-0 text-ok" />
        )}
        <div className="min-w-0 flex-1">
          <Base.Title className="break-words" />
          <Base.Description className="break-words text-fg2 text-xs" />
        </div>
        <Base.Action className="h-7 shrink-0 rounded-md bg-fg px-3 font-medium text-bg hover:opacity-90 phone:h-11" />
        <Base.Close
          render={<IconButton size="sm" hasTooltip={false} label={t("common:dismiss")} />}
        >
          <X />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
