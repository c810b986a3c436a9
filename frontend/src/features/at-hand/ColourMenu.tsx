import { Palette } from "lucide-react";
import { useTranslation } from "react-i18next";
import { PAPERS, type Paper } from "@/api/at-hand";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";

interface ColourMenuProps {
  colour: Paper;
  onChange: (colour: Paper) => void;
}

/** The five papers, by name and by look. */
export function ColourMenu({ colour, onChange }: ColourMenuProps) {
  const { t } = useTranslation();
  const entry = (paper: Paper) => ({
    id: paper,
    label: t(`desk:paper.${paper}`),
    icon: (
      <span
        className="size-4 rounded-full border border-line-strong"
        style={{ background: `var(--paper-${paper})` }}
      />
    ),
    checked: paper === colour,
    onSelect: () => onChange(paper),
  });
  return (
    <Menu
      groups={[PAPERS.map(entry)]}
      trigger={
        <IconButton size="sm" label={t("desk:colour")}>
          <Palette />
        </IconButton>
      }
    />
  );
}
