import { Toast as Base } from "@base-ui/react/toast";
import { Bell, CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";
import type { ToastOptions } from "./Toast";

const SHOWN_FOR = 8_000;

const manager = Base.createToastManager();
let lastUndo: { id: string; run: () => void } | null = null;
let isMounted = false;
const waiting: (() => void)[] = [];

/** Runs what the newest toast with a button offers. */
export function undoLast(): void {
  lastUndo?.run();
}

function add(title: string, { description, tone = "ok", action }: ToastOptions): void {
  const id = `toast-${crypto.randomUUID()}`;
  const forget = () => {
    if (lastUndo?.id === id) lastUndo = null;
  };
  const run = () => {
    forget();
    manager.close(id);
    action?.run();
  };
  if (action && tone !== "news") lastUndo = { id, run };
  manager.add({
    id,
    title,
    type: tone,
    timeout: SHOWN_FOR,
    priority: tone === "error" ? "high" : "low",
    ...(description !== undefined && { description }),
    ...(action && { actionProps: { children: action.label, onClick: run } }),
    onClose: forget,
  });
}

/** Shows a toast as soon as the layer stands. */
export function showToast(title: string, options: ToastOptions): void {
  if (isMounted) add(title, options);
  else waiting.push(() => add(title, options));
}

/** The toasts at the foot of the page. */
export function ToastLayer() {
  useEffect(() => {
    isMounted = true;
    for (const show of waiting.splice(0)) show();
    return () => {
      isMounted = false;
    };
  }, []);
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className="pointer-events-none fixed bottom-6 left-1/2 z-[60] flex w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 phone:bottom-20">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToneIcon({ tone }: { tone: string | undefined }) {
  if (tone === "error") {
    return <CircleAlert className="size-4 shrink-0 text-danger" aria-hidden="true" />;
  }
  if (tone === "news") return <Bell className="size-4 shrink-0 text-fg3" aria-hidden="true" />;
  return <CircleCheck className="size-4 shrink-0 text-ok" aria-hidden="true" />;
}

function ToastList() {
  const { t } = useTranslation();
  const { toasts } = Base.useToastManager();
  return toasts.map((item) => (
    // What is urgent is read out as an alert beside the toast, for which the toast itself would be hidden. It has buttons,
    // so it is left to be found, and only not read out again.
    <Base.Root
      key={item.id}
      toast={item}
      aria-hidden={undefined}
      {...(item.priority === "high" && { "aria-live": "off" })}
      className="pointer-events-auto rounded-lg bg-raised shadow-float transition-opacity duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-center gap-3 py-2 pr-2 pl-4">
        <ToneIcon tone={item.type} />
        <div className="min-w-0 flex-1">
          <Base.Title className="break-words" />
          <Base.Description className="break-words text-fg2 text-xs" />
        </div>
        <Base.Action className="h-7 shrink-0 rounded-md bg-fg px-3 font-medium text-bg hover:opacity-90 phone:h-11" />
        <Base.Close
          aria-hidden={undefined}
          render={<IconButton size="sm" hasTooltip={false} label={t("common:dismiss")} />}
        >
          <X />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
