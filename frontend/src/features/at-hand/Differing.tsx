import { useTranslation } from "react-i18next";
import { LONGEST_NOTE } from "@/api/at-hand";
import { Button } from "@/ui/Button";

interface DifferingProps {
  mine: string;
  theirs: string;
  onChoose: (body: string) => void;
}

/** The same note was written on two pages: the other text stands below this one, and either or both can be kept. */
export function Differing({ mine, theirs, onChoose }: DifferingProps) {
  const { t } = useTranslation();
  const both = `${mine.trim()}\n\n${theirs}`;
  return (
    <div role="alert" className="mx-2 mt-1 rounded-md border border-line-strong bg-raised p-2">
      <p className="font-medium text-xs">{t("desk:differs")}</p>
      <p className="my-1 max-h-40 overflow-y-auto whitespace-pre-wrap text-fg2">{theirs}</p>
      <div className="flex flex-wrap gap-1">
        {both.length <= LONGEST_NOTE && (
          <Button size="sm" onClick={() => onChoose(both)}>
            {t("desk:keepBoth")}
          </Button>
        )}
        <Button size="sm" onClick={() => onChoose(mine)}>
          {t("desk:keepMine")}
        </Button>
        <Button size="sm" onClick={() => onChoose(theirs)}>
          {t("desk:takeTheirs")}
        </Button>
      </div>
    </div>
  );
}
