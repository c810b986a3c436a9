import i18next, { type i18n } from "i18next";
import { useSyncExternalStore } from "react";
import { initReactI18next } from "react-i18next";

/** The languages of the interface. */
export type Language = "zh-CN" | "en";

const STORAGE_KEY = "rapport.language";

const bundles: Record<Language, () => Promise<{ default: Record<string, object> }>> = {
  "zh-CN": () => import("@/locales/zh-CN"),
  en: () => import("@/locales/en"),
};

/** Texts that only one page needs come with that page. */
const late = {
  calendar: {
    "zh-CN": () => import("@/locales/zh-CN/calendar.json"),
    en: () => import("@/locales/en/calendar.json"),
  },
  settings: {
    "zh-CN": () => import("@/locales/zh-CN/settings.json"),
    en: () => import("@/locales/en/settings.json"),
  },
};

type LateTexts = keyof typeof late;

const wanted = new Set<LateTexts>();

/** The stored language of this browser, else the browser's own preference. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY);
  if (stored === "zh-CN" || stored === "en") return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** The language in force; sent as Accept-Language with every request. */
export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh-CN";
}

async function loadLate(language: Language, namespace: LateTexts): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return;
  const texts = await late[namespace][language]();
  i18next.addResourceBundle(language, namespace, texts.default, true, true);
}

/** Loads the texts of a page in the language in force, and from then on with every change of it. */
export async function loadTexts(namespace: LateTexts): Promise<void> {
  wanted.add(namespace);
  await loadLate(currentLanguage(), namespace);
}

async function load(language: Language): Promise<void> {
  await Promise.all([...wanted].map((namespace) => loadLate(language, namespace)));
  if (i18next.hasResourceBundle(language, "common")) return;
  const bundle = await bundles[language]();
  for (const [namespace, resources] of Object.entries(bundle.default)) {
    i18next.addResourceBundle(language, namespace, resources, true, true);
  }
}

/** Starts translation; resolves when the texts of the language are there. */
export async function startI18n(language: Language = preferredLanguage()): Promise<i18n> {
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      fallbackLng: false,
      resources: {},
      partialBundledLanguages: true,
      defaultNS: "common",
      interpolation: { escapeValue: false },
      react: { useSuspense: false },
      showSupportNotice: false,
    } as Parameters<typeof i18next.init>[0]);
  }
  await changeLanguage(language);
  return i18next;
}

/** Loads and switches the language, and remembers it in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  localStorage.setItem(STORAGE_KEY, language);
  document.documentElement.lang = language;
}

function onLanguage(listener: () => void): () => void {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

/** The texts for what is drawn a thousand times over, such as the cells of a list, where every hook counts. */
export function useTexts() {
  const language = useSyncExternalStore(onLanguage, currentLanguage);
  return { t: i18next.t, language };
}
