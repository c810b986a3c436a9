import type { Query, QueryClient } from "@tanstack/react-query";
import { isSomethingInHand } from "@/lib/in-hand";
import { activitiesKey, collections } from "./activities";
import { hearOfAtHand, hearOfRecords, isAtHand } from "./at-hand";
import { api, writing } from "./client";
import { type ChangeEvent, openEventStream } from "./event-stream";
import { hearOfJobs } from "./jobs";
import { hearOfNotification } from "./notifications";
import { type OwnWrites, watchOwnWrites } from "./own-writes";
import { dropRecords, type Lists, putRecord } from "./record-cache";
import { recordKeys } from "./records";
import type { AnyRecord, Page, RecordType } from "./types";

/** Events that come together are dealt with together. */
const GATHER_MS = 300;
/** While something is in hand, nothing moves. */
const BUSY_MS = 500;
/** What is shown in part – lists, sums, the board – is read again soon, but not by all pages at the same time … */
const SOON_MS = 700;
const SPREAD_MS = 800;
/** … and not more often than this, however much happens. */
const REST_MS = 10_000;
/** A list of more pages than these is not read again as a whole. */
const SHORT = 3;
/** As many records are asked for by their ids. */
const MOST = 50;

function isShown(client: QueryClient, type: RecordType, id: string): boolean {
  const active = (queryKey: readonly unknown[]) =>
    client.getQueryCache().findAll({ queryKey, type: "active" });
  const holds = (query: Query) =>
    (query.state.data as Lists | undefined)?.pages.some(({ data }) =>
      data.some((row) => row.id === id),
    );
  return active(recordKeys.one(type, id)).length > 0 || active(recordKeys.lists(type)).some(holds);
}

/** Reads records that are shown, and shows them as they are now; what is gone goes. */
async function showAsNow(
  client: QueryClient,
  own: OwnWrites,
  type: RecordType,
  ids: string[],
): Promise<void> {
  const shown = ids.filter((id) => isShown(client, type, id));
  if (shown.length === 0 || shown.length > MOST) return;
  const filter = `id IN (${shown.map((id) => `"${id}"`).join(", ")})`;
  const page = await api.get<Page<AnyRecord>>(`/${type}`, { filter, limit: MOST });
  // Whoever has begun to write meanwhile shows what they write.
  if (writing.underWay > 0 || isSomethingInHand()) return;
  for (const record of page.data) {
    if (own.versionOf(record.id) <= record.version) putRecord(client, type, record);
  }
  const found = new Set(page.data.map(({ id }) => id));
  const gone = shown.filter((id) => !found.has(id));
  if (gone.length === 0) return;
  dropRecords(client, type, new Set(gone));
  await Promise.all(
    gone.map((id) => client.invalidateQueries({ queryKey: recordKeys.one(type, id) })),
  );
}

function isLong({ state }: Query): boolean {
  const data = state.data as Partial<Lists> | undefined;
  return (data?.pages?.length ?? 0) > SHORT;
}

/**
 * Reads again what is shown of records, whatever their type: they show names of others and what activities leave with
 * them, of which no event tells. What is not shown is read when it is.
 */
async function readAgain(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: ["search"], refetchType: "none" });
  await Promise.all(
    [recordKeys.every, activitiesKey, ["trash"]].flatMap((queryKey) => [
      client.invalidateQueries({ queryKey, refetchType: "none" }),
      client.refetchQueries({ queryKey, type: "active", predicate: (query) => !isLong(query) }),
    ]),
  );
}

/** Keeps what this page shows in step with what others do. Answers with what ends it. */
export function followEvents(client: QueryClient): () => void {
  if (!("EventSource" in globalThis)) return () => undefined;
  const told = new Map<string, ChangeEvent>();
  let isAllStale = false;
  let isReading = false;
  let isOutdated = false;
  let isOver = false;
  let gathering: number | undefined;
  let ringing: number | undefined;
  let hasCome = false;
  let reaching: number | undefined;
  const reached = new Set<string>();
  let reading: number | undefined;
  let lastRead = Number.NEGATIVE_INFINITY;

  // What is read meanwhile may be from before, and no event of others will tell.
  const own = watchOwnWrites(() => {
    isOutdated = isReading;
  });
  const isBusy = () => isSomethingInHand() || writing.underWay > 0;

  function gather(ms = GATHER_MS) {
    gathering ??= window.setTimeout(() => {
      gathering = undefined;
      if (isBusy()) return gather(BUSY_MS);
      show();
    }, ms);
  }

  /** Of many notifications at once the bell is asked once. */
  function ring({ type }: ChangeEvent) {
    hasCome ||= type === "notification.create";
    ringing ??= window.setTimeout(() => {
      ringing = undefined;
      void hearOfNotification(client, hasCome);
      hasCome = false;
    }, GATHER_MS);
  }

  /** Of many changes at once each list is read once; jobs are told of whenever they have gone on. */
  function reach({ record_type }: ChangeEvent) {
    reached.add(record_type);
    reaching ??= window.setTimeout(() => {
      reaching = undefined;
      if (reached.delete("job")) void hearOfJobs(client);
      void hearOfAtHand(client, reached);
      reached.clear();
    }, GATHER_MS);
  }

  function show() {
    // A favourite is shown by its name, also when that was changed from here.
    hearOfRecords(client, told);
    const events = [...told.values()].filter(
      ({ record_id, version }) => own.versionOf(record_id) < version,
    );
    told.clear();
    for (const [name, type] of Object.entries(collections)) {
      const ids = events
        .filter((event) => event.record_type === name)
        .map((event) => event.record_id);
      // What could not be read shows itself as it is read again.
      void showAsNow(client, own, type, ids).catch(() => undefined);
    }
    if (events.length > 0) plan();
  }

  function plan() {
    const rest = lastRead + REST_MS - performance.now();
    const ms = Math.max(rest, SOON_MS) + Math.random() * SPREAD_MS;
    reading ??= window.setTimeout(read, ms);
  }

  async function read() {
    if (isBusy()) {
      reading = window.setTimeout(read, BUSY_MS);
      return;
    }
    reading = undefined;
    lastRead = performance.now();
    const isAll = isAllStale;
    isAllStale = false;
    isReading = true;
    await (isAll ? client.invalidateQueries() : readAgain(client));
    isReading = false;
    if (isOver || !isOutdated) return;
    isOutdated = false;
    lastRead = Number.NEGATIVE_INFINITY;
    plan();
  }

  const close = openEventStream({
    onChange(event) {
      if (event.record_type === "notification") return ring(event);
      if (event.record_type === "job" || isAtHand(event)) return reach(event);
      const known = told.get(event.record_id);
      if (!known || known.version <= event.version) told.set(event.record_id, event);
      gather();
    },
    onReset() {
      isAllStale = true;
      plan();
    },
  });
  return () => {
    isOver = true;
    close();
    own.stop();
    window.clearTimeout(gathering);
    window.clearTimeout(ringing);
    window.clearTimeout(reaching);
    window.clearTimeout(reading);
  };
}
