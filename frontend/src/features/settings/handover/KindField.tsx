import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { HeldKind } from "@/api/handover";
import { poolsQuery } from "@/api/pools";
import { FormField } from "@/ui/FormField";
import { Select } from "@/ui/Select";
import { countWords } from "./counts";
import type { KindDraft, Way } from "./draft";
import { PeopleField } from "./PeopleField";

interface KindFieldProps {
  kind: HeldKind;
  count: number;
  value: KindDraft;
  onChange: (value: KindDraft) => void;
  /** Whether it may stay where it is. */
  mayStay: boolean;
  except: string;
  error: string | undefined;
}

/** What becomes of one kind. */
export function KindField(props: KindFieldProps) {
  const { t } = useTranslation();
  const { kind, value, onChange, error } = props;
  const name = countWords(t, kind, props.count);
  const ways: Way[] = [
    "everything",
    "people",
    ...(kind === "customers" ? (["pool"] as const) : []),
    ...(kind === "leads" ? (["nobody"] as const) : []),
    ...(props.mayStay ? (["stay"] as const) : []),
  ];
  const isOwn = value.way === "people" || value.way === "pool";
  return (
    <div className="grid grid-cols-2 items-start gap-x-3 gap-y-2 border-line border-t py-3 phone:grid-cols-1">
      <FormField label={name} error={isOwn ? undefined : error}>
        {(control) => (
          <Select<Way>
            {...control}
            value={value.way}
            onChange={(way) => way && onChange({ ...value, way })}
            options={ways.map((way) => ({ value: way, label: t(`handover:way.${way}`) }))}
          />
        )}
      </FormField>
      {value.way === "people" && (
        <PeopleField
          label={t("handover:form.heirsOf", { what: name })}
          value={value.people}
          onChange={(people) => onChange({ ...value, people })}
          except={props.except}
          error={error}
          required
        />
      )}
      {value.way === "pool" && (
        <PoolField
          value={value.pool_id}
          onChange={(pool_id) => onChange({ ...value, pool_id })}
          error={error}
        />
      )}
    </div>
  );
}

interface PoolFieldProps {
  value: string | null;
  onChange: (pool: string | null) => void;
  error: string | undefined;
}

function PoolField({ value, onChange, error }: PoolFieldProps) {
  const { t } = useTranslation();
  const pools = useQuery(poolsQuery()).data ?? [];
  return (
    <FormField label={t("handover:form.pool")} required error={error}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={onChange}
          placeholder={t("handover:form.choosePool")}
          options={pools
            .filter((pool) => pool.is_active)
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </FormField>
  );
}
