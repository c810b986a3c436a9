import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import type { ListAddress } from "./ListPage";
import { type Descriptor, type Field, fieldOf } from "./model";
import { useOptionsOf } from "./use-options";

interface FilterChipsProps {
  descriptor: Descriptor;
  address: ListAddress;
  onAddress: (changes: Partial<ListAddress>) => void;
}

/** What the list is filtered by, each removable. */
export function FilterChips({ descriptor, address, onAddress }: FilterChipsProps) {
  const { t } = useTranslation();
  const chosen = Object.entries(address.chosen).filter(([, values]) => values.length > 0);
  const fields = chosen.map(([name]) => fieldOf(descriptor, name));
  const options = useOptionsOf(fields);
  if (chosen.length === 0 && address.q === "") return null;
  const clear = (changes: Record<string, string[]>) =>
    onAddress({ chosen: { ...address.chosen, ...changes } });

  function text(field: Field, index: number) {
    const values = address.chosen[field.name] ?? [];
    return values
      .map((value) => {
        if (value === "(none)") return t("records:none");
        return options[index]?.find((option) => option.value === value)?.label ?? value;
      })
      .join(t("records:listSeparator"));
  }

  return (
    <ul
      aria-label={t("records:activeFilters")}
      className="scrollbar-none flex h-9 shrink-0 items-center gap-1.5 overflow-x-auto border-line border-b px-3 phone:h-12"
    >
      {address.q !== "" && (
        <Chip
          label={`${t("records:search")}: ${address.q}`}
          onRemove={() => onAddress({ q: "" })}
        />
      )}
      {fields.map((field, index) => (
        <Chip
          key={field.name}
          label={`${t(field.label)}: ${text(field, index)}`}
          onRemove={() => clear({ [field.name]: [] })}
        />
      ))}
      <li>
        <Button variant="ghost" size="sm" onClick={() => onAddress({ chosen: {}, q: "" })}>
          {t("records:clearFilters")}
        </Button>
      </li>
    </ul>
  );
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <li className="inline-flex h-6 max-w-80 shrink-0 items-center rounded-md bg-accent-soft pl-2 text-accent-strong text-xs phone:h-9">
      <span className="truncate">{label}</span>
      <button
        type="button"
        aria-label={t("common:removeNamed", { name: label })}
        onClick={onRemove}
        className="flex size-6 items-center justify-center rounded-md hover:text-fg phone:size-11"
      >
        <X className="size-3" />
      </button>
    </li>
  );
}
