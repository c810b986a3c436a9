import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { recordKeys } from "./records";
import type { AnyRecord, Page, RecordType } from "./types";

/** A list as it is cached, page after page. */
export type Lists = InfiniteData<Page<AnyRecord>>;

/** Puts a record into every list and page that shows it. */
export function putRecord(client: QueryClient, type: RecordType, record: AnyRecord): void {
  client.setQueryData(recordKeys.one(type, record.id), record);
  client.setQueriesData<Lists>({ queryKey: recordKeys.lists(type) }, (lists) =>
    lists?.pages.some((page) => page.data.some((row) => row.id === record.id))
      ? {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            data: page.data.map((row) => (row.id === record.id ? record : row)),
          })),
        }
      : lists,
  );
}

/** Takes records out of every list. */
export function dropRecords(client: QueryClient, type: RecordType, ids: ReadonlySet<string>): void {
  client.setQueriesData<Lists>({ queryKey: recordKeys.lists(type) }, (lists) =>
    lists
      ? {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            data: page.data.filter((row) => !ids.has(row.id)),
          })),
        }
      : lists,
  );
}
