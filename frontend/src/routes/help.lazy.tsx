import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { GuidePage } from "@/features/help/GuidePage";
import type { Language } from "@/lib/i18n";

/** The user guide in the language of the page, or in the one the address asks for. */
export default function HelpRoute() {
  const { i18n } = useTranslation();
  const { language } = useSearch({ strict: false }) as { language?: Language };
  return <GuidePage language={language ?? (i18n.language === "en" ? "en" : "zh-CN")} />;
}
