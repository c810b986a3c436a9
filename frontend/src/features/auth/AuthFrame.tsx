import type { ReactNode } from "react";
import { useTitle } from "@/lib/title";
import { LanguageButtons } from "./LanguageButtons";

interface AuthFrameProps {
  title: string;
  children: ReactNode;
  /** Wider, for the first-run form. */
  isWide?: boolean;
}

/** The page before anyone is signed in. */
export function AuthFrame({ title, children, isWide = false }: AuthFrameProps) {
  useTitle(title);
  return (
    <main className="flex min-h-dvh flex-col items-center bg-bg px-4 pt-[12vh] pb-8">
      <div className={isWide ? "w-full max-w-lg" : "w-full max-w-88"}>
        <div className="mb-6 flex items-center gap-3">
          <img src="/favicon.svg" alt="" className="size-9" />
          <div>
            <p className="font-semibold text-base">Rapport</p>
            <h1 className="text-fg2">{title}</h1>
          </div>
        </div>
        <div className="rounded-xl border border-line bg-panel p-6 shadow-card">{children}</div>
        <div className="mt-4 flex justify-center">
          <LanguageButtons />
        </div>
      </div>
    </main>
  );
}
