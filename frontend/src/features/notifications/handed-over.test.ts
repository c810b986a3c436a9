import { t } from "i18next";
import { expect, test } from "vitest";
import { changeLanguage } from "@/lib/i18n";
import { notification } from "@/test/samples";
import { headlineOf, placeOf, subjectOf } from "./words";

const none = {
  customers: 0,
  contacts: 0,
  leads: 0,
  opportunities: 0,
  tasks: 0,
  assignment_rules: 0,
  reports: 0,
};

const handedOver = (counts: Partial<typeof none>, is_undone = false) =>
  notification("n-1", {
    kind: "handed_over",
    subject: "handover",
    record: null,
    activity: null,
    handover: {
      id: "h-1",
      from: { id: "u-bo", name: "Bo Chen" },
      counts: { ...none, ...counts },
      is_undone,
    },
  });

test("what was handed over is told with its counts, and leads to the weightiest", async () => {
  const told = handedOver({ customers: 12, opportunities: 1, tasks: 4 });
  expect(headlineOf(t, told)).toBe("The work of Bo Chen was handed over to you");
  expect(subjectOf(t, told)).toBe("12 customers, 1 opportunity, 4 things to do");
  expect(placeOf(told)).toEqual({ to: "/customers", search: { view: "mine" } });
  expect(placeOf(handedOver({ tasks: 4 }))).toEqual({ to: "/tasks" });
  expect(placeOf(handedOver({ reports: 2 }))).toBeNull();
  await changeLanguage("zh-CN");
  expect(headlineOf(t, told)).toBe("Bo Chen的工作已交接给你");
});

test("what was taken back since says so and leads nowhere", () => {
  const told = handedOver({ customers: 12 }, true);
  expect(subjectOf(t, told)).toBe("Taken back since · 12 customers");
  expect(placeOf(told)).toBeNull();
});

test("whoever is gone has no name", () => {
  const told = handedOver({ leads: 1 });
  const nameless = { ...told, handover: told.handover && { ...told.handover, from: null } };
  expect(headlineOf(t, nameless)).toBe("The work of a colleague was handed over to you");
});
