import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, Plus, X } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { controlClass } from "./Input";
import { landmark, optionClass, popupClass } from "./popup";
import { Spinner } from "./Spinner";

/** Something that can be picked by name. */
export interface Option {
  id: string;
  name: string;
  /** A second, quieter line. */
  detail?: string | undefined;
}

const SEARCH_DELAY = 150;
const CREATE = "\u0000create";

export interface ComboboxProps {
  value: Option | null;
  onChange: (option: Option | null) => void;
  /** Answers with the candidates for what was typed; empty text asks for the usual ones. */
  search: (text: string, signal: AbortSignal) => Promise<Option[]>;
  /** Offers to create what was typed; resolves with the new one. */
  onCreate?: ((text: string) => Promise<Option | null>) | undefined;
  renderIcon?: (option: Option) => ReactNode;
  label?: string;
  placeholder?: string;
  id?: string;
  disabled?: boolean;
  autoFocus?: boolean;
  className?: string;
  onBlur?: () => void;
  "aria-invalid"?: boolean | undefined;
  "aria-describedby"?: string | undefined;
  "aria-labelledby"?: string | undefined;
}

type SearchState = { options: Option[]; status: "idle" | "busy" | "failed" };

/** Asks `search` a moment after the last key; answers that come too late are dropped. */
function useSearch(search: ComboboxProps["search"], text: string, open: boolean): SearchState {
  const [state, setState] = useState<SearchState>({ options: [], status: "idle" });
  const latest = useRef(search);
  latest.current = search;
  useEffect(() => {
    if (!open) return;
    const controller = new AbortController();
    setState((old) => ({ ...old, status: "busy" }));
    const timer = setTimeout(async () => {
      try {
        const options = await latest.current(text.trim(), controller.signal);
        if (!controller.signal.aborted) setState({ options, status: "idle" });
      } catch {
        if (!controller.signal.aborted) setState({ options: [], status: "failed" });
      }
    }, SEARCH_DELAY);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, open]);
  return state;
}

/**
 * While its candidates are open, the library hides the rest of the page from readers but leaves it in
 * the tab order. What is marked as a live region it leaves alone, and `off` is what all else is anyway.
 */
function useRestOfPage(open: boolean) {
  const group = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const around =
      group.current?.closest("[role='dialog'], [role='alertdialog']") ??
      document.getElementById("root");
    around?.setAttribute("aria-live", "off");
    return () => around?.removeAttribute("aria-live");
  }, [open]);
  return group;
}

/** One record or person, found by typing; may create what is not there yet. */
export function Combobox(props: ComboboxProps) {
  const { t } = useTranslation();
  const { value, onChange, onCreate } = props;
  // Who opened an editor wants to choose, so the candidates are there at once.
  const [open, setOpen] = useState(props.autoFocus ?? false);
  const [text, setText] = useState(value?.name ?? "");
  const group = useRestOfPage(open);
  const query = text === value?.name ? "" : text;
  const { options, status } = useSearch(props.search, query, open);

  const valueName = value?.name ?? "";
  useEffect(() => setText(valueName), [valueName]);

  const items = useMemo(() => {
    const wanted = query.trim();
    const isNew = wanted !== "" && !options.some((option) => option.name === wanted);
    return onCreate && isNew ? [...options, { id: CREATE, name: wanted }] : options;
  }, [options, query, onCreate]);

  async function pick(option: Option | null) {
    if (option?.id !== CREATE) return onChange(option);
    const created = await onCreate?.(option.name);
    if (created) onChange(created);
  }

  return (
    <Base.Root
      items={items}
      filter={null}
      value={value}
      onValueChange={(option: Option | null) => void pick(option)}
      inputValue={text}
      onInputValueChange={setText}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) setText(valueName);
      }}
      itemToStringLabel={(option: Option) => option.name}
      isItemEqualToValue={(a: Option, b: Option) => a.id === b.id}
      disabled={props.disabled ?? false}
      autoHighlight
    >
      <Base.InputGroup ref={group} className={cn("relative flex items-center", props.className)}>
        <Base.Input
          id={props.id}
          autoFocus={props.autoFocus}
          aria-label={props.label}
          aria-labelledby={props["aria-labelledby"]}
          aria-invalid={props["aria-invalid"]}
          aria-describedby={props["aria-describedby"]}
          placeholder={props.placeholder}
          onBlur={props.onBlur}
          onKeyDown={(event) => {
            if (isComposing(event)) event.preventBaseUIHandler();
          }}
          className={cn(controlClass, "h-8 pr-8 phone:h-11 phone:pr-11")}
        />
        {value && !props.disabled && (
          <Base.Clear
            aria-label={t("common:clear")}
            className="absolute right-1 flex size-6 items-center justify-center rounded text-fg3 hover:bg-hover hover:text-fg phone:right-0 phone:size-11"
          >
            <X className="size-3.5" />
          </Base.Clear>
        )}
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner {...landmark(t("common:choices"))} sideOffset={4} className="z-50">
          <Base.Popup
            aria-busy={status === "busy" || undefined}
            className={cn(popupClass, "w-(--anchor-width) min-w-56 max-w-(--available-width)")}
          >
            <Base.Status className="empty:hidden">
              {status === "failed" && (
                <p className="px-3 py-2 text-danger">{t("common:searchFailed")}</p>
              )}
              {status === "busy" && items.length === 0 && (
                <p className="flex items-center gap-2 px-3 py-2 text-fg3">
                  <Spinner className="size-3" /> {t("common:searching")}
                </p>
              )}
            </Base.Status>
            <Base.Empty className="empty:hidden">
              {status === "idle" && <p className="px-3 py-2 text-fg3">{t("common:noMatches")}</p>}
            </Base.Empty>
            <Base.List className="max-h-[min(18rem,var(--available-height))] overflow-y-auto p-1 empty:hidden">
              {(option: Option) => (
                <Base.Item key={option.id} value={option} className={optionClass}>
                  {option.id === CREATE ? (
                    <span className="flex items-center gap-2 text-accent">
                      <Plus className="size-4" /> {t("common:createNamed", { name: option.name })}
                    </span>
                  ) : (
                    <>
                      {props.renderIcon?.(option)}
                      <span className="min-w-0 flex-1 truncate">{option.name}</span>
                      {option.detail && (
                        <span className="truncate text-fg3 text-xs">{option.detail}</span>
                      )}
                      <Base.ItemIndicator>
                        <Check className="size-3.5" />
                      </Base.ItemIndicator>
                    </>
                  )}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
