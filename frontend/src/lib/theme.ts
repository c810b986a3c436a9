import { useSyncExternalStore } from "react";

/** What the user chose; `system` follows the operating system. */
export type Theme = "light" | "dark" | "system";

const STORAGE_KEY = "rapport.theme";
const listeners = new Set<() => void>();

function darkQuery(): MediaQueryList {
  return window.matchMedia("(prefers-color-scheme: dark)");
}

/** The stored choice of this browser. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Whether the dark tokens are in force now. */
export function isDark(theme: Theme = storedTheme()): boolean {
  return theme === "dark" || (theme === "system" && darkQuery().matches);
}

function apply(): void {
  document.documentElement.classList.toggle("dark", isDark());
  for (const listener of listeners) listener();
}

/** Stores the choice and repaints. */
export function setTheme(theme: Theme): void {
  localStorage.setItem(STORAGE_KEY, theme);
  apply();
}

/** Keeps the page in step with the operating system while `system` is chosen. */
export function watchSystemTheme(): () => void {
  const query = darkQuery();
  query.addEventListener("change", apply);
  return () => query.removeEventListener("change", apply);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The chosen theme, and whether it is dark now. */
export function useTheme(): { theme: Theme; dark: boolean } {
  const theme = useSyncExternalStore(subscribe, storedTheme);
  const dark = useSyncExternalStore(subscribe, isDark);
  return { theme, dark };
}
