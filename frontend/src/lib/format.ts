import { currentLanguage, type Language, useTexts } from "./i18n";

interface MoneyLike {
  amount: string;
  currency: string;
}

let zone: string | undefined;

/** Sets the time zone in which instants are shown; the signed-in user's own. */
export function setFormatZone(timeZone: string | undefined): void {
  zone = timeZone;
}

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const found = cache.get(key) as T | undefined;
  if (found) return found;
  const made = make();
  cache.set(key, made);
  return made;
}

function currencyFormat(language: Language, currency: string, compact: boolean) {
  return cached(`money ${language} ${currency} ${compact}`, () => {
    const base = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
    return new Intl.NumberFormat(
      language,
      compact
        ? { ...base, notation: "compact", maximumFractionDigits: 1, minimumFractionDigits: 0 }
        : { ...base, trailingZeroDisplay: "stripIfInteger" },
    );
  });
}

// Intl reads decimal strings exactly; the type only admits literals.
function exact(amount: string): Intl.StringNumericLiteral {
  return amount as Intl.StringNumericLiteral;
}

/** `¥858,000`, without needless decimals. */
export function formatMoney(money: MoneyLike, language: Language = currentLanguage()): string {
  return currencyFormat(language, money.currency, false).format(exact(money.amount));
}

/** `¥85.8万` in Chinese, `¥858K` in English. */
export function formatMoneyShort(money: MoneyLike, language: Language = currentLanguage()): string {
  return currencyFormat(language, money.currency, true).format(exact(money.amount));
}

/** `1,284`. */
export function formatNumber(value: number, language: Language = currentLanguage()): string {
  return cached(`number ${language}`, () => new Intl.NumberFormat(language)).format(value);
}

/** `40%`. */
export function formatPercent(value: number, language: Language = currentLanguage()): string {
  return cached(
    `percent ${language}`,
    () => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }),
  ).format(value / 100);
}

function dateFormat(name: string, language: Language, options: Intl.DateTimeFormatOptions) {
  return cached(
    `${name} ${language} ${options.timeZone ?? ""}`,
    () => new Intl.DateTimeFormat(language, options),
  );
}

/** A date without zone, `2026-11-21`, as `2026年11月21日` or `Nov 21, 2026`. */
export function formatDate(date: string, language: Language = currentLanguage()): string {
  const month = language === "zh-CN" ? "long" : "short";
  const options = { year: "numeric", month, day: "numeric", timeZone: "UTC" } as const;
  return dateFormat("date", language, options).format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
}

/** A day of birth: `5月6日`, or with its year when that is known. */
export function formatBirthday(
  birthday: { month?: number; day?: number; year?: number | null },
  language: Language = currentLanguage(),
): string {
  const { month = 1, day = 1, year } = birthday;
  const options = { month: "long", day: "numeric", timeZone: "UTC" } as const;
  const date = new Date(Date.UTC(2000, month - 1, day));
  if (!year) return dateFormat("birthday", language, options).format(date);
  date.setUTCFullYear(year);
  return dateFormat("birth date", language, { ...options, year: "numeric" }).format(date);
}

/** An instant as a date and time in the user's zone. */
export function formatInstant(instant: string, language: Language = currentLanguage()): string {
  const month = language === "zh-CN" ? "long" : "short";
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month,
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(zone !== undefined && { timeZone: zone }),
  };
  return dateFormat("instant", language, options).format(new Date(instant));
}

/** An instant as the time of its day in the user's zone, `14:30`. */
export function formatTime(instant: string, language: Language = currentLanguage()): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: "2-digit",
    minute: "2-digit",
    ...(zone !== undefined && { timeZone: zone }),
  };
  return dateFormat("time", language, options).format(new Date(instant));
}

const DAY_MS = 86_400_000;

// Dates count in UTC, where every day is as long as the next.
function dayNumber(when: string): number {
  return Date.parse(toDate(when)) / DAY_MS;
}

/** How many calendar days ago (negative) or ahead a date or instant is. */
export function daysFromToday(when: string, now: Date = new Date()): number {
  return dayNumber(when) - dayNumber(now.toISOString());
}

/** `今天`, `昨天`, `19天前`; after a year the date itself. */
export function formatRelativeDay(when: string, language: Language = currentLanguage()): string {
  const days = daysFromToday(when);
  if (Math.abs(days) > 365) return formatDate(toDate(when), language);
  const format = cached(
    `relative ${language}`,
    () => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }),
  );
  const text = format.format(days, "day");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The calendar date of an instant in the user's zone, or the date itself. */
export function toDate(when: string): string {
  if (when.length === 10) return when;
  const options = { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone } as const;
  const format = cached(`day ${zone}`, () => new Intl.DateTimeFormat("sv-SE", options));
  return format.format(new Date(when));
}

/** What a clock on the user's wall shows at an instant, `2026-11-21T14:30:00`. */
function wallClock(instant: Date): string {
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    ...(zone !== undefined && { timeZone: zone }),
  };
  const format = cached(`wall ${zone}`, () => new Intl.DateTimeFormat("sv-SE", options));
  return format.format(instant).replace(" ", "T");
}

/** The time of the day of an instant in the user's zone as clocks and inputs write it, `14:30`. */
export function toTime(instant: string): string {
  return wallClock(new Date(instant)).slice(11, 16);
}

/** The instant at which the user's own clock shows a date and a time, `14:30`. */
export function toInstant(date: string, time: string): string {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const ahead = (at: number) => Date.parse(`${wallClock(new Date(at))}Z`) - at;
  // Once more from there: in the night the clocks change, the first guess may lie on the other side.
  const guess = wall - ahead(wall);
  return new Date(wall - ahead(guess)).toISOString();
}

/** A date some days after another. */
export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Today in the user's zone. */
export function today(): string {
  return toDate(new Date().toISOString());
}

/** A length of time in seconds as days, hours or minutes. */
export function formatDuration(seconds: number, language: Language = currentLanguage()): string {
  const [value, unit] =
    seconds >= 86_400
      ? [Math.round(seconds / 86_400), "day" as const]
      : seconds >= 3_600
        ? [Math.round(seconds / 3_600), "hour" as const]
        : [Math.max(1, Math.round(seconds / 60)), "minute" as const];
  return cached(
    `unit ${unit} ${language}`,
    () => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }),
  ).format(value);
}

/** The formatters bound to the language in force; renders again when it changes. */
export function useFormat() {
  const { language } = useTexts();
  return {
    language,
    money: (value: MoneyLike) => formatMoney(value, language),
    moneyShort: (value: MoneyLike) => formatMoneyShort(value, language),
    number: (value: number) => formatNumber(value, language),
    percent: (value: number) => formatPercent(value, language),
    date: (value: string) => formatDate(value, language),
    birthday: (value: Parameters<typeof formatBirthday>[0]) => formatBirthday(value, language),
    instant: (value: string) => formatInstant(value, language),
    time: (value: string) => formatTime(value, language),
    relativeDay: (value: string) => formatRelativeDay(value, language),
    duration: (seconds: number) => formatDuration(seconds, language),
  };
}
