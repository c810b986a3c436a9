import type { Language } from "./i18n";

/** Languages people are often written to in; others stand as their tag. */
export const LANGUAGE_TAGS = [
  "zh-CN",
  "zh-TW",
  "en",
  "ja",
  "ko",
  "de",
  "fr",
  "es",
  "it",
  "pt",
  "ru",
  "ar",
  "vi",
  "th",
  "id",
] as const;

/** What a country is called, from its two letters. */
export function countryName(code: string, language: Language): string {
  return nameOf("region", code, language);
}

/** What a language is called, from its tag. */
export function languageName(tag: string, language: Language): string {
  return nameOf("language", tag, language);
}

const cache = new Map<string, Intl.DisplayNames>();

function namesOf(type: "region" | "language", language: Language): Intl.DisplayNames {
  const key = `${type} ${language}`;
  const names = cache.get(key) ?? new Intl.DisplayNames(language, { type });
  cache.set(key, names);
  return names;
}

function nameOf(type: "region" | "language", code: string, language: Language): string {
  try {
    return namesOf(type, language).of(code) ?? code;
  } catch {
    // What other systems have written may not be a code at all.
    return code;
  }
}
