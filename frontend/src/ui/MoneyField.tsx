import { type FocusEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { CURRENCIES, formatAmountInput, parseAmountInput } from "@/lib/money";
import type { FieldControl } from "./FormField";
import { Input } from "./Input";
import { Select } from "./Select";

export interface MoneyValue {
  amount: string;
  currency: string;
}

interface MoneyFieldProps extends Partial<FieldControl> {
  value: MoneyValue | null;
  onChange: (value: MoneyValue | null) => void;
  /** The currency of a new amount. */
  currency: string;
  label?: string;
  autoFocus?: boolean;
  className?: string;
}

/** An amount and its currency. Understands separators and 万/亿, so `85.8万` is 858000. */
export function MoneyField(props: MoneyFieldProps) {
  const { t } = useTranslation();
  const { value, onChange, currency: fallback, label, className, autoFocus, ...control } = props;
  const currency = value?.currency ?? fallback;
  const amount = value?.amount ?? "";
  const [text, setText] = useState(formatAmountInput(amount));
  const [chosen, setChosen] = useState(currency);
  useEffect(() => setText(formatAmountInput(amount)), [amount]);
  useEffect(() => setChosen(currency), [currency]);

  function commit(event: FocusEvent<HTMLInputElement>) {
    const parsed = parseAmountInput(event.target.value);
    if (parsed !== null) setText(formatAmountInput(parsed));
  }

  function change(next: string) {
    setText(next);
    const parsed = parseAmountInput(next);
    if (next.trim() === "") onChange(null);
    else onChange({ amount: parsed ?? next, currency: chosen });
  }

  const codes = CURRENCIES.includes(chosen) ? CURRENCIES : [chosen, ...CURRENCIES];
  return (
    <div className={cn("flex gap-1.5", className)}>
      <Input
        {...control}
        aria-label={label}
        inputMode="decimal"
        autoFocus={autoFocus}
        className="tnum flex-1 text-right"
        value={text}
        onChange={(event) => change(event.target.value)}
        onBlur={commit}
      />
      <Select
        label={t("common:currency")}
        className="w-20 phone:w-24"
        value={chosen}
        onChange={(next) => {
          if (!next) return;
          setChosen(next);
          if (amount !== "") onChange({ amount, currency: next });
        }}
        options={codes.map((code) => ({ value: code, label: code }))}
      />
    </div>
  );
}
