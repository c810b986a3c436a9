import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/ui/Button";

interface FrameProps {
  title: string;
  description?: string;
  /** The button that adds one. */
  action?: ReactNode;
  children: ReactNode;
}

/** A page of the settings: what it is, how to add to it, and its content. */
export function Frame({ title, description, action, children }: FrameProps) {
  return (
    <section className="mx-auto w-full max-w-4xl px-8 py-7 phone:px-4 phone:py-4">
      <header className="mb-5 flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-lg">{title}</h2>
          {description && <p className="text-fg2">{description}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

interface AddButtonProps {
  label: string;
  onAdd: () => void;
}

/** The button that adds one of what a page lists. */
export function AddButton({ label, onAdd }: AddButtonProps) {
  return (
    <Button variant="primary" icon={<Plus className="size-4" />} onClick={onAdd}>
      {label}
    </Button>
  );
}

interface PartProps {
  title: string;
  children: ReactNode;
}

/** A part of a page, with a hairline above it. */
export function Part({ title, children }: PartProps) {
  return (
    <section className="border-line border-t py-5 first:border-0 first:pt-0">
      <h3 className="mb-3 font-medium">{title}</h3>
      {children}
    </section>
  );
}
