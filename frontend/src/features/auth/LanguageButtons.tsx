import { useTranslation } from "react-i18next";
import { changeLanguage, type Language } from "@/lib/i18n";
import { SegmentedControl } from "@/ui/SegmentedControl";

/** The languages by their own names. */
export function LanguageButtons() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl<Language>
      label={t("auth:language")}
      value={i18n.language === "en" ? "en" : "zh-CN"}
      onChange={(language) => void changeLanguage(language)}
      options={[
        { value: "zh-CN", label: <span lang="zh-CN">中文</span> },
        { value: "en", label: <span lang="en">English</span> },
      ]}
    />
  );
}
