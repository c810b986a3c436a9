import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/format";
import { Dot } from "./Badge";
import { Checkbox } from "./Checkbox";
import { Input } from "./Input";

/** One value of a facet with how many records have it. */
export interface FacetOption {
  value: string;
  label: string;
  count: number | undefined;
  colour?: string | undefined;
}

/** A field to filter by. */
export interface Facet {
  id: string;
  label: string;
  options: FacetOption[];
  selected: string[];
}

const SHOWN = 8;

interface FacetPanelProps {
  facets: Facet[];
  onChange: (facet: string, selected: string[]) => void;
  /** Above the facets, usually the search field of the list. */
  header?: ReactNode;
}

/** Filters with counts, at the left of a list or in a drawer on a phone. */
export function FacetPanel({ facets, onChange, header }: FacetPanelProps) {
  return (
    <div>
      {header}
      {facets.map((facet) => (
        <FacetGroup
          key={facet.id}
          facet={facet}
          onChange={(selected) => onChange(facet.id, selected)}
        />
      ))}
    </div>
  );
}

interface FacetGroupProps {
  facet: Facet;
  onChange: (selected: string[]) => void;
}

function FacetGroup({ facet, onChange }: FacetGroupProps) {
  const { t } = useTranslation();
  const [expanded, setExpanded] = useState(false);
  const [filter, setFilter] = useState("");
  const isLong = facet.options.length > SHOWN;
  const matching = facet.options.filter((option) =>
    option.label.toLowerCase().includes(filter.trim().toLowerCase()),
  );
  const shown = expanded ? matching : matching.slice(0, SHOWN);

  function toggle(value: string, checked: boolean) {
    const others = facet.selected.filter((item) => item !== value);
    onChange(checked ? [...others, value] : others);
  }

  return (
    <fieldset className="border-line border-b px-3 pt-3 pb-2">
      <legend className="float-left mb-1 w-full text-fg3 text-xs">{facet.label}</legend>
      {expanded && isLong && (
        <Input
          aria-label={t("common:filterNamed", { name: facet.label })}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          placeholder={t("common:filter")}
          className="mb-1 h-7"
        />
      )}
      <ul className="clear-both">
        {shown.map((option) => (
          <FacetLine
            key={option.value}
            option={option}
            checked={facet.selected.includes(option.value)}
            onCheckedChange={(checked) => toggle(option.value, checked)}
          />
        ))}
      </ul>
      {isLong && (
        <button
          type="button"
          aria-expanded={expanded}
          className="h-7 px-1 text-fg2 text-xs hover:text-fg phone:h-11"
          onClick={() => setExpanded(!expanded)}
        >
          {expanded ? t("common:showLess") : t("common:showAll", { count: facet.options.length })}
        </button>
      )}
    </fieldset>
  );
}

interface FacetLineProps {
  option: FacetOption;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
}

function FacetLine({ option, checked, onCheckedChange }: FacetLineProps) {
  const id = useId();
  const { number } = useFormat();
  return (
    <li className="flex h-7 items-center gap-2 rounded-md px-1 hover:bg-hover phone:h-11">
      <Checkbox
        id={id}
        aria-labelledby={`${id}-label`}
        checked={checked}
        onCheckedChange={onCheckedChange}
      />
      <label id={`${id}-label`} htmlFor={id} className="flex min-w-0 flex-1 items-center gap-1.5">
        {option.colour && <Dot colour={option.colour} />}
        <span className="truncate">{option.label}</span>
      </label>
      {option.count !== undefined && (
        <span className="tnum text-fg3 text-xs">{number(option.count)}</span>
      )}
    </li>
  );
}
