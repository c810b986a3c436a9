import { Drawer as Base } from "@base-ui/react/drawer";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { IconButton } from "./IconButton";

interface DrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  footer?: ReactNode;
  /** `bottom` for filters and menus on a phone, `right` for a record beside its list. */
  side?: "bottom" | "right";
}

const sides = {
  bottom: {
    swipe: "down",
    viewport: "items-end",
    popup:
      "max-h-[88dvh] w-full rounded-t-xl [transform:translateY(var(--drawer-swipe-movement-y))] data-ending-style:[transform:translateY(100%)] data-starting-style:[transform:translateY(100%)]",
  },
  right: {
    swipe: "right",
    viewport: "justify-end",
    popup:
      "h-full w-[min(40rem,100vw)] [transform:translateX(var(--drawer-swipe-movement-x))] data-ending-style:[transform:translateX(100%)] data-starting-style:[transform:translateX(100%)]",
  },
} as const;

/** A sheet that slides in from an edge and can be swiped away. */
export function Drawer(props: DrawerProps) {
  const { t } = useTranslation();
  const side = sides[props.side ?? "bottom"];
  return (
    <Base.Root
      open={props.open}
      onOpenChange={(open) => props.onOpenChange(open)}
      swipeDirection={side.swipe}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/30 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className={cn("fixed inset-0 z-40 flex", side.viewport)}>
          <Base.Popup
            className={cn(
              "flex flex-col bg-raised text-fg shadow-float outline-none transition-transform duration-150 ease-out data-swiping:duration-0",
              side.popup,
            )}
          >
            <header className="flex shrink-0 items-center gap-2 px-4 pt-3 pb-1">
              <Base.Title className="flex-1 font-semibold text-base">{props.title}</Base.Title>
              <Base.Close
                render={
                  <IconButton hasTooltip={false} label={t("common:close")} className="-mr-2" />
                }
              >
                <X />
              </Base.Close>
            </header>
            <Base.Content className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 pb-4">
              {props.children}
            </Base.Content>
            {props.footer && (
              <footer className="flex shrink-0 gap-2 border-line border-t px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] [&>*]:flex-1">
                {props.footer}
              </footer>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
