import { expect, test } from "vitest";
import type { AssignmentRule } from "@/api/assignment";
import type { Condition } from "@/api/types";
import { type RuleDraft, ruleDraft, ruleInput } from "./draft";
import { weekdayName } from "./rule-words";

const region: Condition = { field: "region", op: "in", value: ["上海", "浙江"] };

test("a rule names people or a team, never both", () => {
  const rule = {
    name: "East",
    condition: region,
    strategy: "least_loaded",
    user_ids: [],
    team_id: "t-1",
    with_subteams: true,
    working_days: [1, 2],
    max_open: 50,
    max_per_day: null,
    is_active: true,
  } as unknown as AssignmentRule;
  const draft = ruleDraft(rule);
  expect(ruleInput(draft)).toMatchObject({
    condition: region,
    user_ids: [],
    team_id: "t-1",
    with_subteams: true,
    max_open: 50,
    max_per_day: null,
  });
  const people: RuleDraft = { ...draft, audience: "people", user_ids: ["u-1", "u-2"] };
  expect(ruleInput(people)).toMatchObject({
    user_ids: ["u-1", "u-2"],
    team_id: null,
    with_subteams: false,
  });
  expect(ruleInput({ ...people, strategy: "user" }).user_ids).toEqual(["u-1"]);
});

test("the week begins on Monday", () => {
  expect([1, 7].map((day) => weekdayName(day, "en"))).toEqual(["Mon", "Sun"]);
  expect(weekdayName(3, "zh-CN", "long")).toBe("星期三");
});
