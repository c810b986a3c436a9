import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { IconButton } from "./IconButton";

const widths = { sm: "max-w-sm", md: "max-w-xl", lg: "max-w-3xl", xl: "max-w-5xl" };

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons at the foot; the one that goes on stands last. */
  footer?: ReactNode;
  size?: keyof typeof widths;
  initialFocus?: RefObject<HTMLElement | null>;
  /** Where the focus goes when the dialog closes; by default, or for null, to where it came from. */
  finalFocus?: () => HTMLElement | null;
  /** On a phone it takes the whole screen, for long forms. */
  isSheet?: boolean;
  /** Keeps the dialog open when the backdrop is pressed, for forms worth protecting. */
  keepOnOutsidePress?: boolean;
}

const FIRST_CONTROL = "input:not([type='hidden']), textarea, select, button, [role='combobox']";

/** A window over the page; on a phone it takes the bottom of the screen. */
export function Dialog(props: DialogProps) {
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  // A keyboard that slides in over half the phone is not wanted before the dialog was read.
  const focusFirst = (by: string) =>
    by === "touch" || (body.current?.querySelector<HTMLElement>(FIRST_CONTROL) ?? true);
  return (
    <Base.Root
      open={props.open}
      onOpenChange={(open) => props.onOpenChange(open)}
      disablePointerDismissal={props.keepOnOutsidePress ?? false}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/30 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={props.initialFocus ?? focusFirst}
          finalFocus={props.finalFocus}
          className={cn(
            "fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-3rem)] -translate-x-1/2 flex-col rounded-xl bg-raised text-fg shadow-float outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0",
            "phone:top-auto phone:bottom-0 phone:max-h-[92dvh] phone:w-full phone:max-w-none phone:rounded-b-none",
            props.isSheet && "phone:h-dvh phone:max-h-none phone:rounded-none",
            widths[props.size ?? "md"],
          )}
        >
          <header className="flex shrink-0 items-start gap-2 px-5 pt-4 pb-2 phone:items-center">
            <div className="min-w-0 flex-1">
              <Base.Title className="font-semibold text-base">{props.title}</Base.Title>
              {props.description && (
                <Base.Description className="mt-0.5 text-fg2">{props.description}</Base.Description>
              )}
            </div>
            <Base.Close
              render={
                <IconButton hasTooltip={false} label={t("common:close")} className="-mr-2 -mt-1" />
              }
            >
              <X />
            </Base.Close>
          </header>
          <div ref={body} className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-4">
            {props.children}
          </div>
          {props.footer && (
            <footer className="flex shrink-0 items-center justify-end gap-2 border-line border-t px-5 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
              {props.footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
