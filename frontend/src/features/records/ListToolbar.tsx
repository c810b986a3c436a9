import { ArrowUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/Button";
import { ColumnChooser } from "@/ui/ColumnChooser";
import { Menu } from "@/ui/Menu";
import type { TableLayout } from "@/ui/table-layout";
import { SearchField } from "./Filters";
import type { ListAddress } from "./ListPage";
import { type Descriptor, fieldOf, toView } from "./model";

interface ListToolbarProps {
  descriptor: Descriptor;
  address: ListAddress;
  onAddress: (changes: Partial<ListAddress>) => void;
  layout: TableLayout;
  onLayout: (layout: TableLayout) => void;
  /** What a phone has here instead of panels and boxes. */
  phoneButtons: ReactNode;
}

/** The line under the header: views, sort, columns; on a phone also the search. */
export function ListToolbar(props: ListToolbarProps) {
  const { t } = useTranslation();
  const { descriptor, address, onAddress } = props;
  return (
    <div className="shrink-0 border-line border-b bg-panel">
      <div className="flex h-10 items-center gap-2 px-3 phone:h-13">
        <nav
          aria-label={t("records:views")}
          className="scrollbar-none flex min-w-0 flex-1 gap-1 overflow-x-auto p-0.5"
        >
          {descriptor.views.map((view) => (
            <button
              key={view.id}
              type="button"
              aria-current={view.id === address.view ? "true" : undefined}
              onClick={() => onAddress(toView(descriptor, address, view.id))}
              className={cn(
                "h-7 shrink-0 rounded-md px-2.5 text-fg2 hover:bg-hover hover:text-fg phone:h-11",
                view.id === address.view && "bg-hover font-medium text-fg",
              )}
            >
              {t(view.label)}
            </button>
          ))}
        </nav>
        {props.phoneButtons}
        <SortMenu {...props} />
        <div className="phone:hidden">
          <ColumnChooser
            columns={descriptor.columns.slice(1).map((column) => ({
              id: column.field,
              header: t(fieldOf(descriptor, column.field).label),
            }))}
            layout={props.layout}
            onChange={props.onLayout}
          />
        </div>
      </div>
      <SearchField
        className="relative border-line border-t md:hidden"
        value={address.q}
        onChange={(q) => onAddress({ q })}
      />
    </div>
  );
}

function SortMenu({ descriptor, address, onAddress }: ListToolbarProps) {
  const { t } = useTranslation();
  const key = address.sort.replace(/^-/, "");
  const isDescending = address.sort.startsWith("-");
  const sortable = descriptor.columns.flatMap((column) =>
    column.sortKey ? [{ key: column.sortKey, field: fieldOf(descriptor, column.field) }] : [],
  );
  return (
    <Menu
      trigger={
        <Button variant="ghost" icon={<ArrowUpDown className="size-4" />}>
          <span className="phone:sr-only">{t("records:sort")}</span>
        </Button>
      }
      groups={[
        sortable.map((entry) => ({
          id: entry.key,
          label: t(entry.field.label),
          checked: entry.key === key,
          onSelect: () => onAddress({ sort: isDescending ? `-${entry.key}` : entry.key }),
        })),
        [
          {
            id: "ascending",
            label: t("records:ascending"),
            checked: !isDescending,
            onSelect: () => onAddress({ sort: key }),
          },
          {
            id: "descending",
            label: t("records:descending"),
            checked: isDescending,
            onSelect: () => onAddress({ sort: `-${key}` }),
          },
        ],
      ]}
    />
  );
}
