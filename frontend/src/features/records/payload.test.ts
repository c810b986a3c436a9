import { expect, test } from "vitest";
import { contact, lead, opportunity, yuan } from "@/test/samples";
import { descriptors } from "./descriptors";
import { fieldOf, isEditable, sectionsOf } from "./model";
import {
  changesOf,
  createPayload,
  draftOf,
  membersOf,
  sameValue,
  shownMembers,
  writtenOf,
} from "./payload";

const field = (type: keyof typeof descriptors, name: string) => fieldOf(descriptors[type], name);

test("values that only look different are the same", () => {
  expect(sameValue({ amount: "50000", currency: "CNY" }, yuan("50000.00"))).toBe(true);
  expect(sameValue({ city: "上海", line: null }, { line: "", city: "上海" })).toBe(true);
  expect(sameValue({ city: null }, null)).toBe(true);
  expect(sameValue(yuan("50000.01"), yuan("50000.00"))).toBe(false);
  expect(sameValue(["a", "b"], ["b", "a"])).toBe(false);
  expect(sameValue(false, null)).toBe(false);
});

test("only members that differ are sent", () => {
  const record = contact("k-1");
  const phones = field("contacts", "phones");
  expect(changesOf(phones, record, record.phones)).toEqual({});
  expect(
    changesOf(phones, record, [...record.phones, { kind: "work", value: " ", primary: false }]),
  ).toEqual({});
  expect(changesOf(field("contacts", "birthday"), record, { month: 5, day: 6 })).toEqual({
    birthday: { month: 5, day: 6 },
  });
  expect(changesOf(field("contacts", "job_title"), record, " ")).toEqual({ job_title: null });
});

test("what the rules have calculated nobody has written, so that the same said by hand is a change", () => {
  const rating = field("leads", "rating");
  const rated = lead("l-1", { rating: "hot", rating_by: "rules" });
  expect(writtenOf(rated, rating)).toBeNull();
  expect(changesOf(rating, rated, "hot")).toEqual({ rating: "hot" });
  expect(changesOf(rating, rated, null)).toEqual({});
  const said = lead("l-1", { rating: "hot", rating_by: "person" });
  expect(writtenOf(said, rating)).toBe("hot");
  expect(changesOf(rating, said, "hot")).toEqual({});
  expect(changesOf(rating, said, null)).toEqual({ rating: null });
});

test("the people of a deal hold who is first, and write it beside the list", () => {
  const people = field("opportunities", "contacts");
  const deal = opportunity("o-1", "s-new", {
    contacts: [{ contact_id: "k-1", name: "王小明", role: "user" }],
    primary_contact_id: "k-2",
    primary_contact: { id: "k-2", name: "林晓" },
  });
  const draft = draftOf(deal, people);
  expect(draft).toEqual([
    { contact_id: "k-2", name: "林晓", role: "other", primary: true },
    { contact_id: "k-1", name: "王小明", role: "user", primary: false },
  ]);
  expect(changesOf(people, deal, draft)).toEqual({});
  const swapped = [
    { contact_id: "k-2", name: "林晓", role: "other", primary: false },
    { contact_id: "k-1", name: "王小明", role: "user", primary: true },
  ];
  expect(changesOf(people, deal, swapped)).toEqual({ primary_contact_id: "k-1" });
  expect(membersOf(people, [])).toEqual({ contacts: [], primary_contact_id: null });
  expect(shownMembers(people, swapped)).toEqual({ contacts: swapped, primary_contact_id: "k-1" });
});

test("a deal begun from a contact has them among its people", () => {
  const start = {
    name: "收银",
    primary_contact_id: "k-1",
    primary_contact: { id: "k-1", name: "王" },
  };
  expect(createPayload(descriptors.opportunities.fields, start)).toEqual({
    name: "收银",
    primary_contact_id: "k-1",
    contacts: [{ contact_id: "k-1", role: "other" }],
  });
});

test("ids of other systems are trimmed, empty lines dropped", () => {
  const ids = field("customers", "external_ids");
  expect(
    membersOf(ids, [
      { system: " erp ", external_id: " C-1 " },
      { system: "", external_id: " " },
    ]),
  ).toEqual({ external_ids: [{ system: "erp", external_id: "C-1" }] });
});

test("why a deal was lost is only asked of lost ones", () => {
  const names = (id: string) =>
    sectionsOf(descriptors.opportunities, opportunity("o", id)).flatMap((section) =>
      section.fields.map(({ name }) => name),
    );
  expect(names("s-new")).not.toContain("closed_on");
  expect(names("s-won")).toContain("closed_on");
  expect(names("s-won")).not.toContain("lost_reason");
  expect(names("s-lost")).toContain("lost_reason");
});

test("of a converted lead only the labels and the interest can be changed", () => {
  const converted = lead("l-1", { status_category: "converted" });
  const may = (name: string, record = converted) =>
    isEditable(descriptors.leads, record, field("leads", name));
  expect(may("tags")).toBe(true);
  expect(may("interest")).toBe(true);
  expect(may("email")).toBe(false);
  expect(may("email", lead("l-1"))).toBe(true);
  expect(may("email", lead("l-1", { can: { edit: false, delete: true, assign: true } }))).toBe(
    false,
  );
});
