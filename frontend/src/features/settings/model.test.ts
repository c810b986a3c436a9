import { expect, test } from "vitest";
import { stageMapping } from "@/api/configure";
import { deviceName } from "@/lib/device";
import { pipeline, stage } from "@/test/samples";
import { differences, scopeOf, withScope } from "./matrix";
import { indented, subtreeOf, treeOf } from "./tree";
import { keyOf } from "./use-change";
import { landing } from "./use-line-drag";

const at = "2026-11-01T08:00:00Z";
const team = (id: string, parent_id: string | null) => ({
  id,
  name: id.toUpperCase(),
  parent_id,
  version: 1,
  created_at: at,
  updated_at: at,
});
const teams = [team("b", "a"), team("a", null), team("c", "b"), team("x", "hidden")];

test("teams form a tree; those with a hidden parent stand at the top", () => {
  expect(treeOf(teams).map((node) => node.team.id)).toEqual(["a", "x"]);
  expect(indented(teams).map(({ label }) => label)).toEqual(["A", "\u2003B", "\u2003\u2003C", "X"]);
  expect([...subtreeOf(teams, "b")]).toEqual(["b", "c"]);
});

test("grants are changed cell by cell; none leaves no trace", () => {
  const one = withScope([], "lead", "view", "own");
  expect(scopeOf(one, "lead", "view")).toBe("own");
  expect(scopeOf(one, "lead", "edit")).toBe("none");
  expect(withScope(one, "lead", "view", "none")).toEqual([]);
  expect(differences(one, withScope(one, "lead", "view", "all"))).toBe(1);
  expect(differences(one, withScope(one, "customer", "view", "all"))).toBe(1);
  expect(differences(one, [...one])).toBe(0);
});

test("a dropped line stands where it was dropped, its old place closed", () => {
  expect(landing(0, 2, "bottom")).toBe(2);
  expect(landing(0, 2, "top")).toBe(1);
  expect(landing(3, 1, "top")).toBe(1);
  expect(landing(3, 1, "bottom")).toBe(2);
  expect(landing(1, 2, "top")).toBe(1);
});

test("keys are small Latin words", () => {
  expect(keyOf("Cold call!")).toBe("cold_call");
  expect(keyOf("2nd Try")).toBe("nd_try");
  expect(keyOf("")).toMatch(/^k[a-z0-9]+$/);
});

test("every stage of a pipeline finds one of its kind in another", () => {
  const heir = pipeline({
    id: "p-2",
    stages: [stage("n-1"), stage("n-2"), stage("n-3"), stage("n-won", { category: "won" })],
  });
  expect(stageMapping(pipeline(), heir)).toEqual({
    "s-new": "n-1",
    "s-quote": "n-3",
    "s-won": "n-won",
  });
});

test("devices are named as far as their agent tells", () => {
  expect(deviceName("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537")).toBe(
    "Chrome · Windows",
  );
  expect(deviceName("curl/8.0")).toBe("curl");
  expect(deviceName(null)).toBe("");
});
