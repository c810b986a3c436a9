import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Ref } from "@/api/types";
import { cn } from "@/lib/cn";
import { Avatar } from "@/ui/Avatar";
import { caretBox } from "@/ui/caret";
import { popupClass } from "@/ui/popup";
import { useFloating } from "@/ui/use-floating";

/** The element of a candidate, for who reads out which one is current. */
export function candidateId(list: string, index: number): string {
  return `${list}-${index}`;
}

interface CandidatesProps {
  id: string;
  area: RefObject<HTMLTextAreaElement | null>;
  /** Beside which character of the text they stand. */
  at: number;
  people: Ref[];
  current: number;
  onPoint: (index: number) => void;
  onPick: (person: Ref) => void;
  onClose: () => void;
}

/** Who may be meant, below the place in the text; the focus stays in the text. */
export function Candidates(props: CandidatesProps) {
  const { t } = useTranslation();
  const floating = useFloating();
  if (!floating) return null;
  const Base = floating.Popover;
  const { id, area, at, people, current, onPoint, onPick } = props;
  const anchor = {
    getBoundingClientRect: () => (area.current ? caretBox(area.current, at) : new DOMRect()),
  };
  return (
    <Base.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} align="start" sideOffset={4} className="z-50">
          <Base.Popup
            initialFocus={false}
            finalFocus={false}
            aria-label={t("activities:people")}
            className={cn(popupClass, "min-w-56 max-w-[calc(100vw-1rem)] p-1")}
          >
            <div id={id} role="listbox" aria-label={t("activities:people")} tabIndex={-1}>
              {people.map((person, index) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the text above
                <div
                  key={person.id}
                  id={candidateId(id, index)}
                  role="option"
                  aria-selected={index === current}
                  tabIndex={-1}
                  onPointerMove={() => onPoint(index)}
                  // The text keeps the focus.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => onPick(person)}
                  className={cn(
                    "flex min-h-8 items-center gap-2 rounded-md px-2 text-sm phone:min-h-11",
                    index === current && "bg-hover",
                  )}
                >
                  <Avatar name={person.name} />
                  <span className="truncate">{person.name}</span>
                </div>
              ))}
            </div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
