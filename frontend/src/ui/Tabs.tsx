import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: { value: T; label: ReactNode; content: ReactNode }[];
  className?: string;
}

/** Parts of one page of which one is shown. */
export function Tabs<T extends string>({ label, value, onChange, tabs, className }: TabsProps<T>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className={cn("flex min-h-0 flex-col", className)}
    >
      <Base.List
        aria-label={label}
        className="scrollbar-none flex shrink-0 gap-1 overflow-x-auto border-line border-b px-1"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 text-fg2 hover:text-fg focus-visible:-outline-offset-2 data-active:border-accent data-active:text-fg phone:h-11"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="min-h-0 flex-1 outline-none">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
