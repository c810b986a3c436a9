import { expect, test } from "vitest";
import { Problem } from "@/api/problem";
import type { Condition } from "@/api/types";
import {
  conditionOf,
  draftOf,
  isUnfinished,
  kindOf,
  lineOf,
  nodeOf,
  offeredFields,
  opsOf,
  refuseUnfinished,
  withOp,
} from "./condition";

const region: Condition = { field: "region", op: "in", value: ["上海", "浙江"] };
const amount: Condition = { field: "estimated_amount", op: "ge", value: 100000 };

test.each<Condition | null>([
  null,
  region,
  { and: [region, amount] },
  { or: [region, amount] },
  { not: { and: [region, amount] } },
  { and: [region, { or: [amount, { not: region }] }] },
  { field: "customers", any: { field: "industry", op: "eq", value: "IT" } },
])("a condition that is only looked at stays as it is: %j", (condition) => {
  expect(conditionOf(draftOf(condition))).toEqual(condition);
});

test("every lead is the empty condition in either spelling", () => {
  expect(draftOf({} as Condition)).toEqual({ join: "and", parts: [] });
  expect(conditionOf({ join: "or", parts: [] })).toBeNull();
});

test("every offered field has tests, and its first one makes a line", () => {
  for (const { name } of offeredFields) {
    expect(kindOf(name)).not.toBeNull();
    expect(opsOf(name).length).toBeGreaterThan(1);
  }
  expect(opsOf("status")).not.toContain("is_null");
  expect(opsOf("rating")).not.toContain("contains");
  expect(opsOf("owner_id")).toEqual([]);
});

test("equality is a list of one; what a line cannot say is no line", () => {
  const line = (node: Condition) => lineOf(node);
  expect(line({ field: "source", op: "eq", value: "web" })).toEqual({
    field: "source",
    op: "in",
    values: ["web"],
  });
  expect(line({ field: "tags", op: "ne", value: "VIP" })?.op).toBe("has_none");
  expect(line(amount)).toEqual({ field: "estimated_amount", op: "ge", values: ["100000"] });
  expect(line({ field: "owner_id", op: "eq", value: "@me" })).toBeNull();
  expect(line({ field: "company_name", op: "contains", value: "@me" })).toBeNull();
  expect(line({ field: "score", op: "between", value: [1, 2] })).toBeNull();
  expect(line({ not: region })).toBeNull();
});

test("a text that begins with @ is no macro, and amounts are read as people write them", () => {
  const mail = nodeOf({ field: "email", op: "ends_with", values: ["@acme.com"] });
  expect(mail).toEqual({ field: "email", op: "ends_with", value: "@@acme.com" });
  expect(lineOf(mail)?.values).toEqual(["@acme.com"]);
  const money = (text: string) =>
    nodeOf({ field: "estimated_amount", op: "ge", values: [text] }) as { value: unknown };
  expect(money("10万").value).toBe(100000);
  expect(money("1,500").value).toBe(1500);
  expect(money("0.10").value).toBe("0.10");
  // The server says what is wrong with it.
  expect(money("many").value).toBe("many");
});

test("another test keeps what still means something", () => {
  const line = { field: "region", op: "in", values: ["上海", "浙江"] };
  expect(withOp(line, "contains").values).toEqual(["上海"]);
  expect(withOp(line, "is_empty").values).toEqual([]);
  expect(withOp(line, "not_in").values).toEqual(["上海", "浙江"]);
});

test("a line without a value is unfinished, and refused at the condition", () => {
  expect(isUnfinished({ field: "region", op: "in", value: [] })).toBe(true);
  expect(isUnfinished({ field: "region", op: "contains", value: " " })).toBe(true);
  expect(isUnfinished({ field: "region", op: "is_empty" })).toBe(false);
  expect(isUnfinished(amount)).toBe(false);
  const draft = draftOf({ field: "region", op: "in", value: [] });
  try {
    refuseUnfinished(draft, "not finished");
    expect.unreachable();
  } catch (error) {
    expect((error as Problem).fieldErrors()).toEqual({ condition: "not finished" });
    expect(error).toBeInstanceOf(Problem);
  }
});
