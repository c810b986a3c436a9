import { useEffect } from "react";

/** Names the page in the tab and for readers; the product follows. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Rapport` : "Rapport";
  }, [title]);
}
