import { useTranslation } from "react-i18next";
import type { Names } from "@/api/types";
import { findZones } from "@/lib/zones";
import { Dot } from "@/ui/Badge";
import { Combobox } from "@/ui/Combobox";
import { COLOURS, type ColourName } from "@/ui/colours";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string | undefined;
  required?: boolean;
  type?: "text" | "email" | "password";
  autoComplete?: string;
  className?: string;
}

/** A line of text with its label. */
export function TextField(props: TextFieldProps) {
  return (
    <FormField
      label={props.label}
      error={props.error}
      hint={props.hint}
      required={props.required ?? false}
      {...(props.className !== undefined && { className: props.className })}
    >
      {(control) => (
        <Input
          {...control}
          type={props.type ?? "text"}
          autoComplete={props.autoComplete ?? "off"}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}

interface NamesFieldsProps {
  value: Names;
  onChange: (value: Names) => void;
  error: string | undefined;
}

/** A name in both languages; one of them is enough. */
export function NamesFields({ value, onChange, error }: NamesFieldsProps) {
  const { t } = useTranslation();
  const set = (language: "zh-CN" | "en") => (text: string) => {
    const { [language]: _old, ...others } = value;
    onChange(text === "" ? others : { ...others, [language]: text });
  };
  return (
    <>
      <TextField
        label={t("settings:nameZh")}
        value={value["zh-CN"] ?? ""}
        onChange={set("zh-CN")}
        error={error}
      />
      <TextField label={t("settings:nameEn")} value={value.en ?? ""} onChange={set("en")} />
    </>
  );
}

interface ColourFieldProps {
  value: ColourName;
  onChange: (value: ColourName) => void;
}

/** One of the named colours. */
export function ColourField({ value, onChange }: ColourFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField label={t("settings:colour")}>
      {(control) => (
        <Select<ColourName>
          {...control}
          value={value}
          onChange={(colour) => colour && onChange(colour)}
          options={COLOURS.map((colour) => ({
            value: colour,
            label: t(`settings:colours.${colour}`),
            icon: <Dot colour={colour} className="size-2.5" />,
          }))}
        />
      )}
    </FormField>
  );
}

interface ZoneFieldProps {
  value: string | null;
  onChange: (value: string | null) => void;
  error?: string | undefined;
}

/** A time zone by its IANA name. */
export function ZoneField({ value, onChange, error }: ZoneFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField label={t("settings:timeZone")} error={error}>
      {(control) => (
        <Combobox
          {...control}
          value={value === null ? null : { id: value, name: value }}
          onChange={(zone) => onChange(zone?.id ?? null)}
          search={findZones}
        />
      )}
    </FormField>
  );
}

const LANGUAGES = [
  { value: "zh-CN", label: "简体中文" },
  { value: "en", label: "English" },
] as const;

interface LanguageFieldProps {
  value: "zh-CN" | "en" | null;
  onChange: (value: "zh-CN" | "en") => void;
}

/** One of the languages of the interface. */
export function LanguageField({ value, onChange }: LanguageFieldProps) {
  const { t } = useTranslation();
  return (
    <FormField label={t("settings:language")}>
      {(control) => (
        <Select<"zh-CN" | "en">
          {...control}
          value={value}
          onChange={(language) => language && onChange(language)}
          options={[...LANGUAGES]}
        />
      )}
    </FormField>
  );
}
