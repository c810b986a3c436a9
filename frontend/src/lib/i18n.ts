import i18next, { type i18n } from "i18next";
import { useSyncExternalStore } from "react";
import { initReactI18next } from "react-i18next";

/** The languages of the interface. */
export type Language = "zh-CN" | "en";

const STORAGE_KEY = "rapport.language";

/** The texts of each part of the application, loaded with it; those of `app` are in one file. */
const texts = {
  common: {
    "zh-CN": () => import("@/locales/zh-CN/common.json"),
    en: () => import("@/locales/en/common.json"),
  },
  app: {
    "zh-CN": () => import("@/locales/zh-CN/app"),
    en: () => import("@/locales/en/app"),
  },
  assignment: {
    "zh-CN": () => import("@/locales/zh-CN/assignment.json"),
    en: () => import("@/locales/en/assignment.json"),
  },
  auth: {
    "zh-CN": () => import("@/locales/zh-CN/auth.json"),
    en: () => import("@/locales/en/auth.json"),
  },
  board: {
    "zh-CN": () => import("@/locales/zh-CN/board.json"),
    en: () => import("@/locales/en/board.json"),
  },
  bulk: {
    "zh-CN": () => import("@/locales/zh-CN/bulk.json"),
    en: () => import("@/locales/en/bulk.json"),
  },
  calendar: {
    "zh-CN": () => import("@/locales/zh-CN/calendar.json"),
    en: () => import("@/locales/en/calendar.json"),
  },
  conversion: {
    "zh-CN": () => import("@/locales/zh-CN/conversion.json"),
    en: () => import("@/locales/en/conversion.json"),
  },
  desk: {
    "zh-CN": () => import("@/locales/zh-CN/desk.json"),
    en: () => import("@/locales/en/desk.json"),
  },
  files: {
    "zh-CN": () => import("@/locales/zh-CN/files.json"),
    en: () => import("@/locales/en/files.json"),
  },
  handover: {
    "zh-CN": () => import("@/locales/zh-CN/handover.json"),
    en: () => import("@/locales/en/handover.json"),
  },
  home: {
    "zh-CN": () => import("@/locales/zh-CN/home.json"),
    en: () => import("@/locales/en/home.json"),
  },
  jobs: {
    "zh-CN": () => import("@/locales/zh-CN/jobs.json"),
    en: () => import("@/locales/en/jobs.json"),
  },
  notifications: {
    "zh-CN": () => import("@/locales/zh-CN/notifications.json"),
    en: () => import("@/locales/en/notifications.json"),
  },
  pool: {
    "zh-CN": () => import("@/locales/zh-CN/pool.json"),
    en: () => import("@/locales/en/pool.json"),
  },
  scoring: {
    "zh-CN": () => import("@/locales/zh-CN/scoring.json"),
    en: () => import("@/locales/en/scoring.json"),
  },
  settings: {
    "zh-CN": () => import("@/locales/zh-CN/settings.json"),
    en: () => import("@/locales/en/settings.json"),
  },
  shortcuts: {
    "zh-CN": () => import("@/locales/zh-CN/shortcuts.json"),
    en: () => import("@/locales/en/shortcuts.json"),
  },
  templates: {
    "zh-CN": () => import("@/locales/zh-CN/templates.json"),
    en: () => import("@/locales/en/templates.json"),
  },
};

type Part = keyof typeof texts;

/** Every part that has texts. */
export const textParts = Object.keys(texts) as Part[];

/** The parts that have been asked for, and the texts that are there. */
const wanted = new Set<Part>(["common"]);
const present = new Set<string>();
/** The language that is being changed to. */
let coming: Language | undefined;

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

async function load(language: Language, part: Part): Promise<void> {
  const mark = `${language} ${part}`;
  if (present.has(mark)) return;
  const { default: found } = await texts[part][language]();
  const namespaces = part === "app" ? found : { [part]: found };
  for (const [name, resources] of Object.entries(namespaces)) {
    i18next.addResourceBundle(language, name, resources, true, true);
  }
  present.add(mark);
}

/** Loads the texts of a part in the language in force, and from then on with every change of it. */
export async function loadTexts(part: Part): Promise<void> {
  wanted.add(part);
  await Promise.all([load(currentLanguage(), part), coming && load(coming, part)]);
}

/** Loads code together with the texts it shows. */
export async function withTexts<T>(part: Part, code: () => Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([code(), loadTexts(part)]);
  return loaded;
}

/** Starts translation; resolves when the texts every page needs are there. */
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
  coming = language;
  await Promise.all([...wanted].map((part) => load(language, part)));
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
