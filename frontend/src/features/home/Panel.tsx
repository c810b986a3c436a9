import { Link } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  /** A quiet number beside the title. */
  meta?: ReactNode;
  /** Where the whole of it is. */
  link?: { to: string; search?: object; label: string };
  children: ReactNode;
}

/** One thing worth seeing on the home page. */
export function Panel({ title, meta, link, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-xl border border-line bg-panel p-4">
      <header className="mb-3 flex h-6 items-center gap-2">
        <h2 id={id} className="truncate font-medium">
          {title}
        </h2>
        {meta && <span className="tnum text-fg3">{meta}</span>}
        {link && (
          <Link
            to={link.to}
            search={(link.search ?? {}) as never}
            className="-mr-1 ml-auto flex h-6 items-center gap-0.5 rounded px-1 text-fg2 text-xs hover:text-fg phone:h-11"
          >
            {link.label}
            <ArrowUpRight className="size-3.5" aria-hidden="true" />
          </Link>
        )}
      </header>
      {children}
    </section>
  );
}
