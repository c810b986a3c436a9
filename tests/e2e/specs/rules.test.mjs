import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs, formOf } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { dialog, eventually } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const AS = "admin@example.com";
const RULE = "西南展会";
const OWNER = "Emma Clarke";

const button = (place, name) => place.getByRole("button", { name, exact: true });
const namesOf = async (admin) => (await admin.get("/assignment-rules")).data.map((rule) => rule.name);

test("a rule is tried, made and put first; the next lead of the website's form is given by it and says why", async () => {
  const admin = await apiAs(here.server, AS);
  const send = await formOf(admin);
  const view = await openPage(here.browser, here.server, { as: AS, path: "/settings/rules" });
  const { page } = view;
  await button(page, t("settings:rules.add")).click();
  const form = dialog(page, t("settings:rules.add"));
  await form.getByRole("textbox", { name: t("settings:name") }).fill(RULE);
  await form.getByRole("radio", { name: t("settings:strategy.user") }).click();
  await form.getByRole("combobox", { name: t("settings:rules.person") }).fill(OWNER);
  await page.getByRole("option", { name: OWNER }).click();
  await button(form, t("settings:tryOut.run_other", { count: 90 })).click();
  await form.getByRole("table", { name: t("settings:tryOut.byRule") }).waitFor();
  await takePicture(view, "rule-tried");
  await checkAccessibility(page, "rule");
  await button(form, t("settings:rules.create")).click();
  await form.waitFor({ state: "detached" });

  const before = await namesOf(admin);
  assert.equal(before.at(-1), RULE, "a new rule is asked last");
  const lines = page.getByRole("list").filter({ hasText: RULE }).last().getByRole("listitem");
  for (let left = before.length - 1; left > 0; left -= 1) {
    await button(page, t("common:moveUpNamed", { name: RULE })).click();
    await eventually("the rule has moved", () => namesOf(admin), (names) => names.indexOf(RULE) === left - 1);
    // The next step begins where the page shows it.
    await lines.nth(left - 1).filter({ hasText: RULE }).waitFor();
  }

  const lead = await send({ family_name: "秦", given_name: "岭", company_name: "成都锦江仪表厂", region: "四川" });
  await page.goto(`${here.server.url}/leads/${lead.id}`);
  await button(page, t("assignment:why.them")).click();
  const why = page.getByRole("dialog", { name: t("assignment:why.them") });
  await why.getByText(RULE).first().waitFor();
  await why.getByText(OWNER).first().waitFor();
  await takePicture(view, "why-this-owner");
  await checkAccessibility(page, "why this owner");
  await view.done();
});

test("a lead that nobody owns stands in its own view and is given by the rules from its menu", async () => {
  const admin = await apiAs(here.server, AS);
  const lead = await admin.post("/leads", { family_name: "阮", given_name: "青", company_name: "温州瓯江阀门厂" });
  await admin.post(`/leads/${lead.id}/transfer`, { owner_id: null });
  const view = await openPage(here.browser, here.server, { as: AS, path: "/leads" });
  const { page } = view;
  await button(page, t("records:view.unassigned")).click();
  await page.getByText("温州瓯江阀门厂").first().waitFor();
  await page.goto(`${here.server.url}/leads/${lead.id}`);
  await button(page, t("records:more")).click();
  await page.getByRole("menuitem", { name: t("records:assignByRule") }).click();
  const owner = async () => (await admin.get(`/leads/${lead.id}`)).owner_id;
  await eventually("a rule has chosen an owner", owner, (id) => id !== null);
  await view.done();
});
