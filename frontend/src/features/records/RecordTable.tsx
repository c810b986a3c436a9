import { Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AnyRecord } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Tag } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import type { TableLayout } from "@/ui/table-layout";
import { type TableColumn, VirtualTable } from "@/ui/VirtualTable";
import { EditableField } from "./EditableField";
import { FieldValue } from "./FieldValue";
import { type Descriptor, type Field, fieldOf, isEditable, memberOf } from "./model";
import { type ListState, tableSort } from "./use-list";

/** What can be done with one row where it stands, by a button in it and by a key. */
export interface RowAction {
  label: string;
  /** What the row is there for: a button with words that is always in sight, also on the cards of a phone. */
  isPrimary?: boolean;
  key: string;
  icon: ReactNode;
  appliesTo: (record: AnyRecord) => boolean;
  run: (record: AnyRecord) => void;
}

interface RecordTableProps {
  descriptor: Descriptor;
  rows: AnyRecord[];
  total: number | undefined;
  address: ListState;
  onSort: (sort: string) => void;
  state: {
    layout: TableLayout;
    setLayout: (layout: TableLayout) => void;
    selection: Set<string>;
    setSelection: (selection: Set<string>) => void;
    activeId: string | null;
    setActiveId: (id: string) => void;
  };
  hasMore: boolean;
  onReachEnd: () => void;
  onOpen: (record: AnyRecord) => void;
  actions: RowAction[];
}

const RIGHT: Field["kind"][] = ["money", "integer", "percent"];
const NOT_INLINE: Field["kind"][] = [
  "emails",
  "phones",
  "customerLinks",
  "address",
  "longText",
  "tags",
  "stakeholders",
  "externalIds",
  "birthday",
  "utm",
];

/** The rows of a list as a grid whose cells can be edited. */
export function RecordTable(props: RecordTableProps) {
  const { t } = useTranslation();
  const { descriptor, state, actions } = props;
  // The columns must not change with every render of the page, or every cell would be drawn again.
  const latestOpen = useRef(props.onOpen);
  latestOpen.current = props.onOpen;
  const onOpen = useCallback((record: AnyRecord) => latestOpen.current(record), []);
  const columns = useMemo<TableColumn<AnyRecord>[]>(
    () =>
      descriptor.columns.map((column, index) => {
        const field = fieldOf(descriptor, column.field);
        return {
          id: column.field,
          header: t(field.label),
          width: column.width,
          sortKey: column.sortKey,
          align: RIGHT.includes(field.kind) ? ("right" as const) : ("left" as const),
          cell: (record, { tabIndex }) =>
            index === 0 ? (
              <NameCell
                descriptor={descriptor}
                record={record}
                tabIndex={tabIndex}
                onOpen={onOpen}
                actions={actions}
              />
            ) : (
              <FieldCell
                descriptor={descriptor}
                record={record}
                field={field}
                tabIndex={tabIndex}
              />
            ),
        };
      }),
    [descriptor, t, onOpen, actions],
  );
  return (
    <VirtualTable
      label={t(`records:plural.${descriptor.type}`)}
      rows={props.rows}
      total={props.total}
      columns={columns}
      rowLabel={(record) => record.name}
      layout={state.layout}
      onLayoutChange={state.setLayout}
      sort={tableSort(props.address.sort)}
      onSort={({ key, descending }) => props.onSort(descending ? `-${key}` : key)}
      selection={state.selection}
      onSelectionChange={state.setSelection}
      activeId={state.activeId}
      onActiveChange={state.setActiveId}
      onOpen={onOpen}
      hasMore={props.hasMore}
      onReachEnd={props.onReachEnd}
      memoryKey={JSON.stringify([
        descriptor.type,
        props.address.q,
        props.address.view,
        props.address.sort,
        props.address.chosen,
      ])}
    />
  );
}

interface NameCellProps {
  descriptor: Descriptor;
  record: AnyRecord;
  tabIndex: number;
  onOpen: (record: AnyRecord) => void;
  actions: RowAction[];
}

/** The name opens the record beside the list; with a modifier, in a tab of its own. */
function NameCell({ descriptor, record, tabIndex, onOpen, actions }: NameCellProps) {
  return (
    <>
      <Link
        to={`/${descriptor.type}/${record.id}` as string}
        tabIndex={tabIndex}
        className="flex min-w-0 flex-1 items-center gap-2"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(record);
        }}
      >
        <Avatar name={record.name} kind={descriptor.avatarKind} />
        <span className="truncate">{record.name}</span>
      </Link>
      {actions
        .filter((action) => action.appliesTo(record))
        .map((action) => (
          <ActionButton key={action.key} action={action} record={record} tabIndex={tabIndex} />
        ))}
    </>
  );
}

interface ActionButtonProps {
  action: RowAction;
  record: AnyRecord;
  tabIndex: number;
}

function ActionButton({ action, record, tabIndex }: ActionButtonProps) {
  const label = `${action.label}: ${record.name}`;
  const run = () => action.run(record);
  if (action.isPrimary) {
    return (
      <Button size="sm" aria-label={label} tabIndex={tabIndex} onClick={run} className="h-6">
        {action.label}
      </Button>
    );
  }
  return (
    <IconButton
      size="sm"
      label={label}
      shortcut={action.key}
      tabIndex={tabIndex}
      onClick={run}
      className="opacity-0 focus-visible:opacity-100 group-hover/row:opacity-100"
    >
      {action.icon}
    </IconButton>
  );
}

interface FieldCellProps {
  descriptor: Descriptor;
  record: AnyRecord;
  field: Field;
  tabIndex: number;
}

function FieldCell({ descriptor, record, field, tabIndex }: FieldCellProps) {
  const value = memberOf(record, field.name);
  if (field.kind === "tags") return <TagCell tags={value as string[]} />;
  if (!isEditable(descriptor, record, field) || NOT_INLINE.includes(field.kind)) {
    return <FieldValue field={field} value={value} record={record} isCompact isPresent />;
  }
  return (
    <EditableField
      type={descriptor.type}
      record={record}
      field={field}
      tabIndex={tabIndex}
      align={RIGHT.includes(field.kind) ? "right" : "left"}
      isCompact
    />
  );
}

function TagCell({ tags }: { tags: string[] }) {
  return (
    <span className="flex min-w-0 gap-1 overflow-hidden">
      {tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
    </span>
  );
}
