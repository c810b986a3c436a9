import { expect, test } from "vitest";
import { pipeline, stage } from "@/test/samples";
import {
  changeInPercent,
  inCurrency,
  largestOf,
  partOfDay,
  pipelineToShow,
  share,
  stageFigures,
} from "./figures";

const rows = [
  {
    key: { stage_id: "s-quote" },
    count: 2,
    sums: [
      { field: "amount", amount: "10.00", currency: "USD" },
      { field: "amount", amount: "500.00", currency: "CNY" },
    ],
  },
];

test("stages stand in their order, empty ones too, without the ends", () => {
  const figures = stageFigures(pipeline(), rows);
  expect(figures.map(({ stage: at, count }) => [at.id, count])).toEqual([
    ["s-new", 0],
    ["s-quote", 2],
  ]);
  expect(inCurrency(figures[1]?.sums ?? [], "CNY")).toBe("500.00");
  expect(inCurrency([], "CNY")).toBe("0");
});

test("the pipeline that has something in it is shown", () => {
  const other = pipeline({ id: "p-2", is_default: false, stages: [stage("x")] });
  expect(pipelineToShow([other, pipeline()], rows)?.id).toBe("p-1");
  expect(
    pipelineToShow([pipeline(), other], [{ key: { stage_id: "x" }, count: 1, sums: [] }])?.id,
  ).toBe("p-2");
  expect(pipelineToShow([other, pipeline()], [])?.id).toBe("p-1");
  expect(pipelineToShow([], [])).toBeUndefined();
});

test("bars and changes", () => {
  expect(largestOf(["9.00", "10.00", "1.00"])).toBe("10.00");
  expect([share("5", "10"), share("5", "0"), share("20", "10")]).toEqual([0.5, 0, 1]);
  expect([changeInPercent("100", "150"), changeInPercent("100", "25")]).toEqual([50, -75]);
  expect(changeInPercent("0", "10")).toBeNull();
});

test("the greeting follows the hour", () => {
  expect([3, 8, 14, 20].map(partOfDay)).toEqual(["night", "morning", "afternoon", "evening"]);
});
