import type { AnyRecord } from "@/api/types";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { Badge } from "@/ui/Badge";
import type { ColourName } from "@/ui/colours";
import { type Field, memberOf } from "./model";

interface AlertBadgeProps {
  field: Field;
  record: AnyRecord;
}

/** What about a record should not be so, in words and in a colour; nothing while all is well. */
export function AlertBadge({ field, record }: AlertBadgeProps) {
  const { t } = useTexts();
  const { instant } = useFormat();
  const value = String(memberOf(record, field.name));
  if (!field.choices?.includes(value)) return null;
  const moment = field.moments?.[value];
  const at = moment && memberOf(record, moment.member);
  return (
    <span
      className="inline-flex shrink-0"
      {...(moment && typeof at === "string" && { title: t(moment.label, { when: instant(at) }) })}
    >
      <Badge colour={field.choiceColours?.[value] as ColourName}>
        {t(`${field.choiceLabels}${value}`)}
      </Badge>
    </span>
  );
}
