import { expect, test } from "vitest";
import { board, opportunity } from "@/test/samples";
import { daysInStage, placeCard, placeOf, placeOfDrop, topOf } from "./model";

const [a, b, c, d] = [
  opportunity("a", "s-new"),
  opportunity("b", "s-new"),
  opportunity("c", "s-new"),
  opportunity("d", "s-quote"),
];
const full = board([a, b, c, d]);
const ids = (of: typeof full, index: number) => of.data[index]?.records.map((card) => card.id);

test("a place is named by a neighbour", () => {
  expect(placeOf(full, a)).toEqual({ stageId: "s-new", beforeId: "b" });
  expect(placeOf(full, c)).toEqual({ stageId: "s-new", afterId: "b" });
  expect(placeOf(full, d)).toEqual({ stageId: "s-quote", beforeId: undefined });
  expect(topOf(full, "s-new")).toEqual({ stageId: "s-new", beforeId: "a" });
});

test("dropping on a card puts it before or after, dropping on the rest of a column at its end", () => {
  const on = (cardId: string, edge: "top" | "bottom") =>
    placeOfDrop(full, d, { kind: "card", stageId: "s-new", cardId, edge });
  expect(on("b", "top")).toEqual({ stageId: "s-new", beforeId: "b" });
  expect(on("b", "bottom")).toEqual({ stageId: "s-new", afterId: "b" });
  expect(placeOfDrop(full, d, { kind: "column", stageId: "s-new" })).toEqual({
    stageId: "s-new",
    afterId: "c",
  });
  expect(placeOfDrop(full, d, { kind: "column", stageId: "s-won" })).toEqual({ stageId: "s-won" });
});

test("dropping where it already stands does nothing", () => {
  const on = (cardId: string, edge: "top" | "bottom") =>
    placeOfDrop(full, b, { kind: "card", stageId: "s-new", cardId, edge });
  expect(on("b", "top")).toBeNull();
  expect(on("a", "bottom")).toBeNull();
  expect(on("c", "top")).toBeNull();
  expect(on("a", "top")).toEqual({ stageId: "s-new", beforeId: "a" });
  expect(placeOfDrop(full, c, { kind: "column", stageId: "s-new" })).toBeNull();
  expect(placeOfDrop(full, b, { kind: "end", stageId: "s-new" })).toBeNull();
});

test("a moved card stands in its new place and the counts follow", () => {
  const moved = placeCard(full, a, { stageId: "s-quote", afterId: "d" });
  expect([ids(moved, 0), ids(moved, 1)]).toEqual([
    ["b", "c"],
    ["d", "a"],
  ]);
  expect(moved.data.map((column) => column.count)).toEqual([2, 2, 0, 0]);
  expect(moved.data[1]?.records[1]?.category).toBe("open");
  const stale = opportunity("a", "s-new", { stale: "red", stale_at: "2026-11-10T08:00:00Z" });
  const fresh = placeCard(full, stale, { stageId: "s-quote" }).data[1]?.records[0];
  expect([fresh?.stale, fresh?.stale_at]).toEqual(["none", null]);
  expect(placeCard(full, stale, { stageId: "s-new" }).data[0]?.records[0]?.stale).toBe("red");
  const reordered = placeCard(full, c, { stageId: "s-new", beforeId: "a" });
  expect(ids(reordered, 0)).toEqual(["c", "a", "b"]);
  expect(reordered.data[0]?.count).toBe(3);
});

test("days in a stage", () => {
  const now = Date.parse("2026-11-11T09:00:00Z");
  expect(daysInStage(a, now)).toBe(10);
  expect(daysInStage(a, 0)).toBe(0);
});
