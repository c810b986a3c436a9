import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { configurationKey } from "@/api/configure";
import { deletePool, type Pool, poolsQuery } from "@/api/pools";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { AddButton, Frame } from "../Frame";
import { LineMenu } from "../LineMenu";
import { Loaded } from "../Loaded";
import { RemoveDialog } from "../RemoveDialog";
import { useMayConfigure } from "../use-may";
import { PoolDialog } from "./PoolDialog";
import { limitWords, releaseWords, servesWords } from "./pool-words";

/** Where customers lie that nobody owns, and when an owner loses one. */
export default function PoolsSection() {
  const { t } = useTranslation();
  const pools = useQuery(poolsQuery());
  const mayEdit = useMayConfigure("configuration");
  const [edited, setEdited] = useState<Pool | "new" | null>(null);
  const [removed, setRemoved] = useState<Pool | null>(null);
  const all = pools.data ?? [];
  return (
    <Frame
      title={t("settings:section.pools")}
      description={t("settings:pools.hint")}
      action={
        mayEdit && <AddButton label={t("settings:pools.add")} onAdd={() => setEdited("new")} />
      }
    >
      <Loaded query={pools}>
        {(read) => (
          <ul aria-label={t("settings:section.pools")} className="border-line border-t">
            {read.map((pool) => (
              <PoolLine
                key={pool.id}
                pool={pool}
                mayEdit={mayEdit}
                onEdit={() => setEdited(pool)}
                onRemove={() => setRemoved(pool)}
              />
            ))}
          </ul>
        )}
      </Loaded>
      {edited && (
        <PoolDialog
          pool={edited === "new" ? null : edited}
          pools={all}
          onClose={() => setEdited(null)}
        />
      )}
      {removed && (
        <RemoveDialog
          name={removed.name}
          replacements={all
            .filter(({ id }) => id !== removed.id)
            .map(({ id, name }) => ({ value: id, label: name }))}
          remove={(replacement) => deletePool(removed.id, removed.version, replacement)}
          refresh={configurationKey}
          onClose={() => setRemoved(null)}
        />
      )}
    </Frame>
  );
}

interface PoolLineProps {
  pool: Pool;
  mayEdit: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

function PoolLine({ pool, mayEdit, onEdit, onRemove }: PoolLineProps) {
  return (
    <li className="flex min-h-11 items-start gap-2 border-line border-b py-2">
      <PoolFacts pool={pool} />
      {mayEdit && (
        <LineMenu
          name={pool.name}
          onEdit={onEdit}
          onRemove={pool.is_default ? undefined : onRemove}
        />
      )}
    </li>
  );
}

/** What there is to know of a pool in its line. */
function PoolFacts({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const customers = t("settings:pools.customers", {
    count: pool.customers,
    text: number(pool.customers),
  });
  return (
    <div className="min-w-0 flex-1">
      <p className="flex items-center gap-2">
        <span className="truncate font-medium">{pool.name}</span>
        {pool.is_default && <Badge colour="blue">{t("settings:pools.default")}</Badge>}
        {!pool.is_active && <Badge>{t("settings:pools.off")}</Badge>}
      </p>
      <p className="break-words text-fg2">{servesWords(pool, t)}</p>
      <p className="break-words text-fg2">{releaseWords(pool, t)}</p>
      <p className="tnum break-words text-fg3 text-xs">
        {[...limitWords(pool, t), customers].join(" · ")}
      </p>
    </div>
  );
}
