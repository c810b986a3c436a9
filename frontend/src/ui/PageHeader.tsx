import { createContext, type ReactNode, use } from "react";
import { useTitle } from "@/lib/title";

/** What the frame adds at the end of the top line of every page. */
export const HeaderEnd = createContext<ReactNode>(null);

interface PageHeaderProps {
  title: ReactNode;
  /** A quiet number or fact beside the title. */
  meta?: ReactNode;
  actions?: ReactNode;
  /** Above the title, usually a Breadcrumb. */
  before?: ReactNode;
}

/** The top line of a page: what it is and what can be done. */
export function PageHeader({ title, meta, actions, before }: PageHeaderProps) {
  const end = use(HeaderEnd);
  useTitle(typeof title === "string" ? title : undefined);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-panel px-4 phone:h-14">
      {before}
      <h1 className="truncate font-semibold text-base">{title}</h1>
      {meta && <span className="tnum shrink-0 text-fg3">{meta}</span>}
      <div className="ml-auto flex shrink-0 items-center gap-1">
        {actions}
        {end}
      </div>
    </header>
  );
}
