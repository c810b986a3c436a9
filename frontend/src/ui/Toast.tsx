import { type ReactNode, useSyncExternalStore } from "react";
import { useShortcuts } from "@/lib/shortcuts";

/** What a toast may say and offer. */
export interface ToastOptions {
  description?: string;
  /** `news` came by itself: Ctrl+Z does not run its button. */
  tone?: "ok" | "error" | "news";
  /** The button of the toast; usually the undo. */
  action?: { label: string; run: () => void };
}

type Layer = typeof import("./ToastLayer");

let layer: Layer | null = null;
const listeners = new Set<() => void>();

async function loadLayer(): Promise<Layer> {
  layer ??= await import("./ToastLayer");
  for (const listener of listeners) listener();
  return layer;
}

/** Says that something happened; stays for eight seconds. May be called from anywhere. */
export function toast(title: string, options: ToastOptions = {}): void {
  void loadLayer().then((loaded) => loaded.showToast(title, options));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Holds the toasts of the whole application; stands once, at the root. Undo is also Ctrl+Z. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const loaded = useSyncExternalStore(subscribe, () => layer);
  useShortcuts({
    "$mod+z": (event) => {
      if (!isTyping(event.target)) loaded?.undoLast();
    },
  });
  return (
    <>
      {children}
      {loaded && <loaded.ToastLayer />}
    </>
  );
}
