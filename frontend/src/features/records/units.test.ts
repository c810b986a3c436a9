import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { descriptors, recordTypes } from "./descriptors";
import { nameParts } from "./FieldEditor";
import { addressText } from "./FieldValue";
import { fieldOf, isEmptyValue, viewFilter } from "./model";
import { neighboursOf, rememberList } from "./neighbours";
import { createPayload, toPayload } from "./payload";
import { listFilter, tableSort } from "./use-list";

interface Contract {
  paths: Record<
    string,
    { get?: { parameters?: { name?: string; schema?: { pattern?: string } }[] } }
  >;
}

const published = join(import.meta.dirname, "../../../../openapi/openapi.json");
const contract: Contract = JSON.parse(readFileSync(published, "utf8"));

test.each(recordTypes)("the descriptor of %s names only declared fields", (type) => {
  const descriptor = descriptors[type];
  const names = [
    ...descriptor.columns.map((column) => column.field),
    ...descriptor.facets,
    ...descriptor.sections.flatMap((section) => section.fields),
    ...descriptor.quick,
    ...(descriptor.statusField ? [descriptor.statusField] : []),
    ...(descriptor.amountField ? [descriptor.amountField] : []),
    ...(descriptor.alertField ? [descriptor.alertField] : []),
  ];
  for (const name of names) expect(fieldOf(descriptor, name).name).toBe(name);
  expect(new Set(descriptor.fields.map((field) => field.name)).size).toBe(descriptor.fields.length);
});

test.each(recordTypes)("a list of %s offers only the orders that the API has", (type) => {
  const { parameters = [] } = contract.paths[`/api/v1/${type}`]?.get ?? {};
  const pattern = parameters.find(({ name }) => name === "sort")?.schema?.pattern;
  const allowed = new RegExp(pattern ?? "^no such parameter$");
  const keys = descriptors[type].columns.flatMap(({ sortKey }) => sortKey ?? []);
  for (const key of [...keys, descriptors[type].defaultSort]) expect(key).toMatch(allowed);
});

test("values in filters are quoted, so that no name can change the condition", () => {
  const state = {
    q: "",
    view: "all",
    sort: "",
    chosen: { industry: ['a" OR name != "', "back\\slash"], level: ["A", "(none)"] },
  };
  expect(listFilter(descriptors.customers, state)).toBe(
    'industry IN ("a\\" OR name != \\"", "back\\\\slash") AND (level IN ("A") OR level IS NULL)',
  );
  expect(listFilter(descriptors.customers, { ...state, chosen: {} })).toBeUndefined();
  const tags = ["重点", "(none)"];
  expect(listFilter(descriptors.customers, { ...state, chosen: { tags } })).toBe(
    '(tags HAS ANY ("重点") OR tags IS EMPTY)',
  );
});

test("what the API calculates is filtered by the moments it comes from", () => {
  const state = { q: "", view: "mine", sort: "", chosen: { stale: ["red"] } };
  const filter = (stale: string[]) =>
    listFilter(descriptors.opportunities, { ...state, chosen: { stale } });
  expect(filter(["red"])).toBe("owner_id = @me AND stale_at <= @now");
  expect(filter(["yellow", "red"])).toBe(
    "owner_id = @me AND ((warn_at <= @now AND (stale_at > @now OR stale_at IS NULL)) OR stale_at <= @now)",
  );
  expect(filter(["(none)", "purple"])).toBe("owner_id = @me");
});

test("a view is known by its name, and a wrong name is a mistake", () => {
  expect(viewFilter(descriptors.opportunities, "stale")).toContain("stale_at <= @now");
  expect(() => viewFilter(descriptors.opportunities, "all")).toThrow("no filtered view all");
});

test("a sort is read as the table shows it", () => {
  expect(tableSort("-amount")).toEqual({ key: "amount", descending: true });
  expect(tableSort("")).toBeNull();
});

test("payloads drop blank items and what the server works out", () => {
  const phones = fieldOf(descriptors.contacts, "phones");
  expect(
    toPayload(phones, [
      { kind: "mobile", value: " 138 ", primary: true, e164: "+86138" },
      { kind: "work", value: " ", primary: false },
    ]),
  ).toEqual([{ kind: "mobile", value: "138", primary: true }]);
  const links = fieldOf(descriptors.contacts, "customers");
  expect(toPayload(links, [{ customer_id: "c", name: "C", primary: true }])).toEqual([
    { customer_id: "c", primary: true },
  ]);
  expect(
    createPayload(descriptors.leads.fields, { company_name: " 云栖 ", email: "", tags: [] }),
  ).toEqual({ company_name: "云栖" });
});

test("full names are split as each script writes them", () => {
  expect(nameParts("王小明")).toEqual({ family_name: "王", given_name: "小明" });
  expect(nameParts("欧阳娜娜")).toEqual({ family_name: "欧阳", given_name: "娜娜" });
  expect(nameParts("Ada King Lovelace")).toEqual({
    family_name: "Lovelace",
    given_name: "Ada King",
  });
  expect(nameParts("Ada")).toEqual({ family_name: null, given_name: "Ada" });
});

test("addresses follow the order of the language", () => {
  const address = { region: "上海", city: "上海", district: "浦东新区", line: "世纪大道 1 号" };
  expect(addressText(address, "zh-CN")).toBe("上海浦东新区世纪大道 1 号");
  expect(addressText({ line: "1 Main St", city: "Springfield", country: "US" }, "en")).toBe(
    "1 Main St, Springfield, United States",
  );
});

test("emptiness", () => {
  expect(isEmptyValue({ region: null, city: "" })).toBe(true);
  expect(isEmptyValue(0)).toBe(false);
  expect(isEmptyValue([])).toBe(true);
});

test("neighbours are those of the list last seen", () => {
  rememberList("leads", ["a", "b", "c"]);
  expect(neighboursOf("leads", "b")).toEqual({ previous: "a", next: "c" });
  expect(neighboursOf("leads", "a").previous).toBeUndefined();
  expect(neighboursOf("leads", "x")).toEqual({ previous: undefined, next: undefined });
});
