import { useTranslation } from "react-i18next";
import type { Address, Birthday, Utm } from "@/api/types";
import { findCountries } from "@/lib/countries";
import { useFormat } from "@/lib/format";
import { countryName } from "@/lib/regions";
import { Combobox } from "@/ui/Combobox";
import type { FieldControl } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";

/** What every control of several parts takes. */
export interface GroupProps<T> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  /** Names and describes the group, when a FormField stands around it. */
  control?: FieldControl | undefined;
  /** Which parts the server has refused: `city`, `1.value`. */
  refused?: ReadonlySet<string> | undefined;
  autoFocus?: boolean;
}

/** The frame around the parts of one value. */
export function Group(props: {
  label: string;
  control?: FieldControl | undefined;
  className?: string;
  children: React.ReactNode;
}) {
  const { control, label } = props;
  return (
    <fieldset
      {...(control
        ? {
            "aria-labelledby": control["aria-labelledby"],
            "aria-describedby": control["aria-describedby"],
          }
        : { "aria-label": label })}
      className={props.className}
    >
      {props.children}
    </fieldset>
  );
}

type Texts = Record<string, string | null | undefined>;

/** The attributes of the control of one part. */
function partProps(props: Pick<GroupProps<unknown>, "control" | "refused">, part: string) {
  // A refusal of the whole value is about its first control as much as any.
  const isRefused = props.refused?.has(part) || props.refused?.has("");
  return {
    "aria-invalid": isRefused ? (true as const) : undefined,
    "aria-describedby": props.control?.["aria-describedby"],
  };
}

function changed<T extends Texts>(value: T, part: string, text: string | null): T | null {
  const next = { ...value, [part]: text === "" ? null : text };
  return Object.values(next).some(Boolean) ? next : null;
}

interface TextPartsProps extends GroupProps<Texts | null> {
  parts: readonly string[];
  /** The key the names of the parts start with. */
  names: string;
  widePart?: string;
}

function TextParts(props: TextPartsProps) {
  const { t } = useTranslation();
  return props.parts.map((part, index) => (
    <Input
      key={part}
      {...partProps(props, part)}
      aria-label={t(`${props.names}${part}`)}
      placeholder={t(`${props.names}${part}`)}
      autoFocus={props.autoFocus === true && index === 0}
      value={props.value?.[part] ?? ""}
      onChange={(event) => props.onChange(changed(props.value ?? {}, part, event.target.value))}
      className={part === props.widePart ? "col-span-2" : undefined}
    />
  ));
}

const ADDRESS_PARTS = ["region", "city", "district", "postcode", "line"] as const;

/** The parts of an address side by side. */
export function AddressEditor(props: GroupProps<Address | null>) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const country = props.value?.country ?? null;
  return (
    <Group label={props.label} control={props.control} className="grid grid-cols-2 gap-1.5">
      <Combobox
        className="col-span-2"
        {...partProps(props, "country")}
        label={t("records:address.country")}
        placeholder={t("records:address.country")}
        autoFocus={false}
        value={country === null ? null : { id: country, name: countryName(country, language) }}
        onChange={(option) =>
          props.onChange(changed(props.value ?? {}, "country", option?.id ?? null))
        }
        search={async (text) => findCountries(text, language)}
      />
      <TextParts
        {...props}
        onChange={(value) => props.onChange(value)}
        parts={ADDRESS_PARTS}
        names="records:address."
        widePart="line"
      />
    </Group>
  );
}

const UTM_PARTS = ["source", "medium", "campaign", "term", "content"] as const;

/** How the link that brought someone was tagged. */
export function UtmEditor(props: GroupProps<Utm | null>) {
  return (
    <Group label={props.label} control={props.control} className="grid grid-cols-2 gap-1.5">
      <TextParts
        {...props}
        onChange={(value) => props.onChange(value)}
        parts={UTM_PARTS}
        names="records:utm."
        widePart="content"
      />
    </Group>
  );
}

type BirthdayDraft = { [Part in keyof Birthday]?: number | null };

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** How many days a month has; February 29 while the year is not known. */
function daysIn(month: number, year: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The day somebody was born, the year only if it is known. */
export function BirthdayEditor(props: GroupProps<BirthdayDraft | null>) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { value } = props;
  const month = new Intl.DateTimeFormat(language, {
    month: language === "zh-CN" ? "numeric" : "long",
    timeZone: "UTC",
  });
  const days = daysIn(value?.month ?? 1, value?.year ?? 2000);

  function set(changes: BirthdayDraft) {
    const next = { ...value, ...changes };
    props.onChange(next.month || next.day || next.year ? next : null);
  }

  return (
    <Group
      label={props.label}
      control={props.control}
      className="grid grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1fr)] gap-1.5"
    >
      <Select
        {...partProps(props, "month")}
        label={t("records:birthdayMonth")}
        emptyLabel={t("records:birthdayMonth")}
        defaultOpen={props.autoFocus ?? false}
        value={value?.month ? String(value.month) : null}
        onChange={(chosen) => set({ month: chosen === null ? null : Number(chosen) })}
        options={MONTHS.map((number) => ({
          value: String(number),
          label: month.format(new Date(Date.UTC(2000, number - 1, 1))),
        }))}
      />
      <Select
        {...partProps(props, "day")}
        label={t("records:birthdayDay")}
        emptyLabel={t("records:birthdayDay")}
        value={value?.day ? String(value.day) : null}
        onChange={(chosen) => set({ day: chosen === null ? null : Number(chosen) })}
        options={Array.from({ length: days }, (_, index) => ({
          value: String(index + 1),
          label: String(index + 1),
        }))}
      />
      <Input
        {...partProps(props, "year")}
        className="tnum"
        inputMode="numeric"
        maxLength={4}
        aria-label={t("records:birthdayYear")}
        placeholder={t("records:birthdayYearShort")}
        value={value?.year ?? ""}
        onChange={(event) => {
          const digits = event.target.value.replace(/\D/g, "");
          set({ year: digits === "" ? null : Number(digits) });
        }}
      />
    </Group>
  );
}
