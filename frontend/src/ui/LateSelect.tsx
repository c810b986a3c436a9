import { useEffect, useState } from "react";
import { faceProps, SelectArrow, type SelectProps, SelectValue } from "./select-face";

type Control = typeof import("./Select").Select;

let loaded: Control | null = null;

async function loadSelect(): Promise<Control> {
  loaded = (await import("./Select")).Select;
  return loaded;
}

/**
 * A `Select` on a page that does not wait for its code: until that is there, the closed control stands alone.
 * One that was pressed meanwhile opens then, and one that has the focus keeps it.
 */
export function LateSelect<T extends string>(props: SelectProps<T>) {
  const [Select, setSelect] = useState(() => loaded);
  const [isPressed, setPressed] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  useEffect(() => {
    if (!Select) void loadSelect().then((control) => setSelect(() => control));
  }, [Select]);
  if (Select) return <Select {...props} autoFocus={hasFocus} defaultOpen={isPressed} />;
  return (
    <button
      type="button"
      role="combobox"
      aria-expanded={false}
      aria-haspopup="listbox"
      disabled={props.disabled}
      onClick={() => setPressed(true)}
      onFocus={() => setFocus(true)}
      onBlur={() => setFocus(false)}
      {...faceProps(props)}
    >
      <span className="truncate">
        <SelectValue {...props} current={props.value} />
      </span>
      <SelectArrow />
    </button>
  );
}
