import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MoonStar } from "lucide-react";
import { useTranslation } from "react-i18next";
import { customersByLifecycleQuery, firstRecordsQuery } from "@/api/figures";
import type { SummaryRow } from "@/api/types";
import { customers } from "@/features/records/descriptors/customers";
import { fieldOf, viewFilter } from "@/features/records/model";
import { Read } from "@/features/records/Read";
import { useFormat } from "@/lib/format";
import { Dot } from "@/ui/Badge";
import { colourVars } from "@/ui/colours";
import { Panel } from "./Panel";

const { choices = [], choiceColours = {} } = fieldOf(customers, "lifecycle");

/** Where the customers stand in their life. */
export function CustomersPanel() {
  const { t } = useTranslation();
  const rows = useQuery(customersByLifecycleQuery());
  return (
    <Panel title={t("home:customers")} link={{ to: "/customers", label: t("home:all") }}>
      <Read query={rows} lines={4}>
        {(read) => <Lifecycle rows={read} />}
      </Read>
      <Quiet />
    </Panel>
  );
}

const QUIET = viewFilter(customers, "quiet");

/** How many have heard nothing for long, and have nothing planned. */
function Quiet() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const first = useQuery(
    firstRecordsQuery("customers", { filter: QUIET, sort: "-updated_at", limit: 1 }),
  );
  const meta = first.data?.meta;
  const total = meta?.total;
  if (!total) return null;
  return (
    <Link
      to="/customers"
      search={{ view: "quiet", sort: "last_activity_at" } as never}
      className="-mx-2 mt-2 flex min-h-7 items-center gap-2 border-line border-t px-2 pt-2 text-warn hover:bg-hover phone:min-h-11"
    >
      <MoonStar className="size-4 shrink-0" aria-hidden="true" />
      {t("home:quiet")}
      <span className="tnum ml-auto font-medium">
        {number(total)}
        {meta?.total_is_exact === false && "+"}
      </span>
    </Link>
  );
}

function Lifecycle({ rows }: { rows: SummaryRow[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const counts = new Map(rows.map((row) => [String(row.key.lifecycle), row.count]));
  const parts = choices.map((value) => ({
    value,
    colour: choiceColours[value] ?? "gray",
    count: counts.get(value) ?? 0,
  }));
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  return (
    <>
      <p className="tnum font-semibold text-xl">{number(total)}</p>
      <div
        aria-hidden="true"
        className="mt-2 mb-3 flex h-2 gap-0.5 overflow-hidden rounded-full bg-bg"
      >
        {parts
          .filter((part) => part.count > 0)
          .map((part) => (
            <span
              key={part.value}
              style={{ flexGrow: part.count, background: colourVars(part.colour).dot }}
            />
          ))}
      </div>
      <ul className="-mx-2">
        {parts.map((part) => (
          <li key={part.value}>
            <Link
              to="/customers"
              search={{ lifecycle: part.value } as never}
              className="flex h-7 items-center gap-2 rounded-md px-2 hover:bg-hover phone:h-11"
            >
              <Dot colour={part.colour} />
              {t(`records:lifecycle.${part.value}`)}
              <span className="tnum ml-auto text-fg2">{number(part.count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
