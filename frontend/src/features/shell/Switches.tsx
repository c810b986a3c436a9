import { useQueryClient } from "@tanstack/react-query";
import { Moon, Sun } from "lucide-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { meQuery, updateMe } from "@/api/me";
import type { Me } from "@/api/types";
import { changeLanguage, type Language } from "@/lib/i18n";
import { setTheme, useTheme } from "@/lib/theme";
import { IconButton } from "@/ui/IconButton";

/** Turns dark on and off. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const { dark } = useTheme();
  return (
    <IconButton
      label={dark ? t("shell:light") : t("shell:dark")}
      onClick={() => setTheme(dark ? "light" : "dark")}
    >
      {dark ? <Sun /> : <Moon />}
    </IconButton>
  );
}

/** Changes the language of the page and, when signed in, of the user. */
export function useLanguageChange(me?: Me) {
  const client = useQueryClient();
  return useCallback(
    async (language: Language) => {
      await changeLanguage(language);
      if (me) {
        await updateMe({ language }, me.version)
          .then((changed) => client.setQueryData(meQuery().queryKey, changed))
          // The page already speaks the language; remembering it can wait.
          .catch(() => undefined);
      }
      await client.invalidateQueries();
    },
    [client, me],
  );
}

/** Goes over to the other language. */
export function LanguageSwitch({ me }: { me?: Me }) {
  const { t, i18n } = useTranslation();
  const change = useLanguageChange(me);
  const isEnglish = i18n.language === "en";
  const letters = isEnglish ? "中" : "EN";
  return (
    <IconButton
      // The visible letters begin the name, so that it can also be spoken.
      label={`${letters} · ${isEnglish ? t("shell:toChinese") : t("shell:toEnglish")}`}
      onClick={() => void change(isEnglish ? "zh-CN" : "en")}
    >
      <span className="text-xs">{letters}</span>
    </IconButton>
  );
}
