import { Search } from "lucide-react";
import { type Ref, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { FacetPanel } from "@/ui/FacetPanel";
import { Input } from "@/ui/Input";
import type { ListAddress } from "./ListPage";
import type { Descriptor } from "./model";
import { useFacets } from "./use-list";

export interface FiltersProps {
  descriptor: Descriptor;
  address: ListAddress;
  onAddress: (changes: Partial<ListAddress>) => void;
}

/** The facets of a list and what choosing in them does. */
export function useFacetPanel({ descriptor, address, onAddress }: FiltersProps) {
  const facets = useFacets(descriptor, address);
  const onChange = (facet: string, selected: string[]) =>
    onAddress({ chosen: { ...address.chosen, [facet]: selected } });
  return { facets, onChange };
}

interface FacetsProps extends FiltersProps {
  searchBox: Ref<HTMLInputElement>;
  panel?: Ref<HTMLElement>;
}

/** The filters at the left of a list. */
export function Facets(props: FacetsProps) {
  const { t } = useTranslation();
  const panel = useFacetPanel(props);
  return (
    <aside
      ref={props.panel}
      aria-label={t("records:filters")}
      className="w-52 shrink-0 overflow-y-auto overscroll-contain border-line border-r bg-panel phone:hidden"
    >
      <FacetPanel
        {...panel}
        header={
          <SearchField
            inputRef={props.searchBox}
            value={props.address.q}
            onChange={(q) => props.onAddress({ q })}
          />
        }
      />
    </aside>
  );
}

const TYPING_PAUSE = 200;

interface SearchFieldProps {
  value: string;
  onChange: (text: string) => void;
  inputRef?: Ref<HTMLInputElement> | undefined;
  className?: string;
}

/** The search of a list; writes the address when typing pauses, and not while composing. */
export function SearchField({ value, onChange, inputRef, className }: SearchFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const [isComposing, setComposing] = useState(false);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (isComposing || text === value) return;
    const timer = setTimeout(() => onChange(text), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [text, value, isComposing, onChange]);
  return (
    <div className={className ?? "relative border-line border-b"}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-fg3"
      />
      <Input
        ref={inputRef}
        type="search"
        aria-label={t("records:searchList")}
        placeholder={t("records:searchList")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        className="h-9 rounded-none border-0 bg-transparent pl-9 focus:-outline-offset-2"
      />
    </div>
  );
}
