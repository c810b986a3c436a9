import { type ReactNode, useId, useState } from "react";
import { configurationKey } from "@/api/configure";
import type { Names } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { OrderedLine } from "./OrderedLine";
import { RemoveDialog } from "./RemoveDialog";
import { useChange } from "./use-change";

interface Configured {
  name: string;
  names?: Names;
  color?: string;
  is_active?: boolean;
}

interface ConfiguredListProps<T extends Configured> {
  label?: string;
  items: T[];
  idOf: (item: T) => string;
  mayEdit: boolean;
  onEdit: (item: T) => void;
  move: (item: T, position: number) => Promise<unknown>;
  remove: (item: T, replacement: string | undefined) => Promise<unknown>;
  /** Whether a line is drawn faintly; those that are not offered are. */
  isFaded?: (item: T) => boolean;
  /** Whether one may take the place of another that is removed. */
  mayReplace?: (other: T, removed: T) => boolean;
  /** Called with the item about to be removed, to say who uses it. */
  usage?: (removed: T) => ReactNode;
  children: (item: T) => ReactNode;
}

/** Configured things in their order, each to be moved, edited, and removed for another. */
export function ConfiguredList<T extends Configured>(props: ConfiguredListProps<T>) {
  const { items, idOf, mayReplace = () => true } = props;
  const { isFaded = (item: T) => item.is_active === false } = props;
  const { language } = useFormat();
  const list = useId();
  const change = useChange();
  const [removed, setRemoved] = useState<T | null>(null);
  const others = items.filter(
    (other) => removed && idOf(other) !== idOf(removed) && mayReplace(other, removed),
  );
  function move(from: number, to: number) {
    const moved = items[from];
    if (moved) change.mutate(() => props.move(moved, to));
  }
  return (
    <>
      <ul aria-label={props.label} className="border-line border-t">
        {items.map((item, index) => (
          <OrderedLine
            key={idOf(item)}
            name={localName(item, language)}
            mayEdit={props.mayEdit}
            isFirst={index === 0}
            isLast={index === items.length - 1}
            isFaded={isFaded(item)}
            list={list}
            index={index}
            onDrop={move}
            onMove={(by) => move(index, index + by)}
            onEdit={() => props.onEdit(item)}
            onRemove={() => setRemoved(item)}
          >
            {props.children(item)}
          </OrderedLine>
        ))}
      </ul>
      {removed && (
        <RemoveDialog
          name={localName(removed, language)}
          replacements={others.map((other) => ({
            value: idOf(other),
            label: localName(other, language),
            ...(other.color !== undefined && { icon: <Dot colour={other.color} /> }),
          }))}
          usage={props.usage?.(removed)}
          remove={(replacement) => props.remove(removed, replacement)}
          refresh={configurationKey}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  );
}
