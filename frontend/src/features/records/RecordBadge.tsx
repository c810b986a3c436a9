import type { AnyRecord } from "@/api/types";
import { cn } from "@/lib/cn";
import { FieldValue } from "./FieldValue";
import { type Descriptor, fieldOf, isEmptyValue, memberOf } from "./model";

interface RecordBadgeProps {
  descriptor: Descriptor;
  record: AnyRecord;
  className?: string;
}

/** What a record is to be told by at a glance, such as the rating of a lead; nothing where it has none. */
export function RecordBadge({ descriptor, record, className }: RecordBadgeProps) {
  const { badgeField } = descriptor;
  if (badgeField === undefined) return null;
  const value = memberOf(record, badgeField);
  if (isEmptyValue(value)) return null;
  return (
    <span className={cn("flex shrink-0", className)}>
      <FieldValue
        field={fieldOf(descriptor, badgeField)}
        value={value}
        record={record}
        isCompact
        isPresent
      />
    </span>
  );
}
