import { useTranslation } from "react-i18next";
import type { Address } from "@/api/types";
import { Input } from "@/ui/Input";

const PARTS = ["region", "city", "district", "postcode", "line"] as const;

interface AddressEditorProps {
  label: string;
  value: Address;
  onChange: (address: Address | null) => void;
  autoFocus?: boolean;
}

/** The parts of an address side by side. */
export function AddressEditor({ label, value, onChange, autoFocus }: AddressEditorProps) {
  const { t } = useTranslation();

  function change(part: (typeof PARTS)[number], text: string) {
    const next = { ...value, [part]: text === "" ? null : text };
    onChange(Object.values(next).some(Boolean) ? next : null);
  }

  return (
    <fieldset className="grid grid-cols-2 gap-1.5">
      <legend className="sr-only">{label}</legend>
      {PARTS.map((part, index) => (
        <Input
          key={part}
          aria-label={t(`records:address.${part}`)}
          placeholder={t(`records:address.${part}`)}
          autoFocus={autoFocus === true && index === 0}
          value={value[part] ?? ""}
          onChange={(event) => change(part, event.target.value)}
          className={part === "line" ? "col-span-2" : undefined}
        />
      ))}
    </fieldset>
  );
}
