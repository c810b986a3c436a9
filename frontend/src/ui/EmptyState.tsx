import type { ReactNode } from "react";

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Set where nothing else heads the page. */
  heading?: "h1";
}

/** What to do when there is nothing yet: one sentence and one action. */
export function EmptyState({ icon, title, children, action, heading }: EmptyStateProps) {
  const Title = heading ?? "p";
  return (
    <div className="flex flex-col items-center justify-center gap-1 px-6 py-16 text-center">
      {icon && (
        <span className="mb-2 flex size-10 items-center justify-center rounded-lg bg-hover text-fg3 [&_svg]:size-5">
          {icon}
        </span>
      )}
      <Title className="font-medium">{title}</Title>
      {children && <div className="max-w-80 text-fg2">{children}</div>}
      {action && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}
