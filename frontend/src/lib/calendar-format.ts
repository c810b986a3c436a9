import { useMemo } from "react";
import type { Language } from "./i18n";
import { useTexts } from "./i18n";

const asUtc = (date: string) => new Date(`${date}T00:00:00Z`);

function formats(language: Language) {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  const month = make({ year: "numeric", month: "long" });
  const isChinese = language === "zh-CN";
  const range = make({
    year: "numeric",
    month: isChinese ? "long" : "short",
    day: "numeric",
  });
  const day = make({ month: "long", day: "numeric", weekday: "long" });
  const weekday = make({ weekday: "short" });
  const hour = make({ hour: "numeric", ...(isChinese && { minute: "2-digit" }) });
  const time = make({ hour: "2-digit", minute: "2-digit" });
  const onClock = (minutes: number) => new Date(minutes * 60_000);
  return {
    /** `2026年11月`, `November 2026`. */
    month: (date: string) => month.format(asUtc(date)),
    /** `2026年11月23日 – 2026年11月29日`, `Nov 23 – 29, 2026`. */
    range: (from: string, to: string) =>
      // What the browsers make of it in Chinese are numbers and slashes.
      isChinese
        ? `${range.format(asUtc(from))} – ${range.format(asUtc(to))}`
        : range.formatRange(asUtc(from), asUtc(to)),
    /** `11月26日星期四`, `Thursday, November 26`. */
    day: (date: string) => day.format(asUtc(date)),
    /** `周四`, `Thu`. */
    weekday: (date: string) => weekday.format(asUtc(date)),
    /** A full hour in minutes since midnight, `14:00`, `2 PM`. */
    hour: (minutes: number) => hour.format(onClock(minutes)),
    /** Minutes since midnight, `14:30`, `02:30 PM`. */
    time: (minutes: number) => time.format(onClock(minutes)),
  };
}

/** The names of months, weeks, days and hours in the language in force. */
export function useCalendarFormat() {
  const { language } = useTexts();
  return useMemo(() => formats(language), [language]);
}
