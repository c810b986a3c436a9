import { useTranslation } from "react-i18next";
import type { Along, Companion, CompanionsPreview } from "@/api/handover";
import { useFormat } from "@/lib/format";
import { SegmentedControl } from "@/ui/SegmentedControl";

/** More cannot go along at once, and are not counted. */
const MOST = 500;

interface AlongFieldProps {
  kind: Companion;
  counts: CompanionsPreview[Companion];
  value: Along;
  onChange: (value: Along) => void;
  error: string | undefined;
}

/** Which records of a kind go along with a customer, each choice with how many that are. */
export function AlongField({ kind, counts, value, onChange, error }: AlongFieldProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { same_owner, all, forbidden } = counts;
  const text = (count: number) => (count > MOST ? `${number(MOST)}+` : number(count));
  const isOneOwner = same_owner === all;
  const label = t(`handover:along.${kind}`);
  const option = (choice: Along, key: string, count?: number) => ({
    value: choice,
    label: (
      <span className="tnum">
        {t(`handover:along.${key}`)}
        {count !== undefined && ` ${text(count)}`}
      </span>
    ),
  });
  const isStaying = value !== "none" && forbidden > 0;
  return (
    <div className="flex flex-col gap-1">
      <p className="text-fg2 text-xs">{label}</p>
      <SegmentedControl<Along>
        label={label}
        className="w-full"
        value={isOneOwner && value === "all" ? "same_owner" : value}
        onChange={onChange}
        options={[
          option("none", "none"),
          option("same_owner", isOneOwner ? "all" : "sameOwner", same_owner),
          ...(isOneOwner ? [] : [option("all", "all", all)]),
        ]}
      />
      {error && (
        <p role="alert" className="text-danger text-xs">
          {error}
        </p>
      )}
      {isStaying && (
        <p className="text-fg3 text-xs">
          {t("handover:along.forbidden", { count: forbidden, text: text(forbidden) })}
        </p>
      )}
    </div>
  );
}
