import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { dialog } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const AS = "manager@example.com";
const MANY = 450;
const field = (name) => t(`records:field.${name}`);
const button = (place, name) => place.getByRole("button", { name, exact: true });
const rows = (page) => page.getByRole("grid").getByRole("row").filter({ has: page.getByRole("link") });

async function makeCustomers(api, word, count) {
  const made = [];
  for (let start = 0; start < count; start += 200) {
    const operations = Array.from({ length: Math.min(200, count - start) }, (_, n) => ({
      action: "create",
      data: { name: `${word}第${start + n}号商行`, level: "C" },
    }));
    const { results } = await api.post("/customers/batch", { operations });
    made.push(...results.map(({ id }) => id));
  }
  return made;
}

async function openList(word) {
  const view = await openPage(here.browser, here.server, { as: AS, path: `/customers?q=${encodeURIComponent(word)}` });
  await rows(view.page).first().waitFor();
  return view;
}

/** Selects the rows in sight, and with them all that the list holds. */
async function chooseEverything(page, count) {
  await page.getByRole("checkbox", { name: t("common:selectAllLoaded") }).check();
  const bar = page.getByRole("region", { name: t("bulk:label") });
  await button(bar, t("bulk:selectEverything_other", { text: count })).click();
  await bar.getByText(t("bulk:everything_other", { text: count })).waitFor();
  return bar;
}

test("all that match are changed, also those not in view, and all are taken back", async () => {
  const api = await apiAs(here.server, AS);
  const word = "乌兰布统";
  await makeCustomers(api, word, MANY);
  const counted = async (filter) =>
    (await api.get(`/customers?q=${encodeURIComponent(word)}&filter=${encodeURIComponent(filter)}&count=exact&limit=1`))
      .meta.total;
  const view = await openList(word);
  const { page } = view;
  const bar = await chooseEverything(page, MANY);
  await takePicture(view, "bulk-everything");
  await checkAccessibility(page, "everything chosen");
  await button(bar, t("bulk:set")).click();
  const panel = page.getByRole("dialog", { name: t("bulk:set") });
  await panel.getByRole("combobox", { name: t("bulk:field") }).click();
  await page.getByRole("option", { name: field("level"), exact: true }).click();
  await panel.getByRole("combobox", { name: t("bulk:value") }).click();
  await page.getByRole("option", { name: "A", exact: true }).click();
  await checkAccessibility(page, "setting a field of many");
  await button(panel, t("bulk:setField")).click();
  const question = page.getByRole("alertdialog");
  await question.getByText(t("bulk:ask.update_other", { text: MANY })).waitFor();
  await button(question, t("bulk:go.update")).click();
  await page.getByText(t("records:bulk.changed_other", { count: MANY })).waitFor();
  assert.equal(await counted('level = "A"'), MANY);

  await button(page, t("records:undo")).first().click();
  await page.getByText(t("records:bulk.undone_other", { count: MANY })).waitFor();
  assert.equal(await counted('level = "C"'), MANY);
  await view.done();
});

test("what cannot be deleted is named with the reason, and tried again when nothing is in the way", async () => {
  const api = await apiAs(here.server, AS);
  const word = "额济纳";
  const ids = await makeCustomers(api, word, 120);
  const contact = await api.post("/contacts", {
    family_name: "苏",
    given_name: "和",
    customers: [{ customer_id: ids[60], primary: true }],
  });
  const view = await openList(word);
  const { page } = view;
  const bar = await chooseEverything(page, 120);
  await button(bar, t("records:delete")).click();
  await button(page.getByRole("alertdialog"), t("records:delete")).click();
  const result = dialog(page, t("bulk:result"));
  await result.getByRole("link", { name: `${word}第60号商行` }).waitFor();
  await takePicture(view, "bulk-result");
  await checkAccessibility(page, "result of a change of many");
  assert.equal((await api.send("DELETE", `/contacts/${contact.id}`)).status, 204);
  await button(result, t("bulk:retry")).click();
  await page.getByText(t("records:nothingMatches")).waitFor();
  await button(page, t("records:undo")).first().click();
  await rows(page).nth(5).waitFor();
  await view.done();
});

test("tags are a facet: several at once, in the address, counted once for each record", async () => {
  const api = await apiAs(here.server, AS);
  const [a, b, c] = await makeCustomers(api, "阿尔山", 3);
  const tag = async (id, tags) => {
    const { version } = await api.get(`/customers/${id}`);
    await api.patch(`/customers/${id}`, { tags }, { "if-match": `"${version}"` });
  };
  await tag(a, ["林区"]);
  await tag(b, ["林区", "温泉"]);
  await tag(c, ["温泉"]);
  const view = await openList("阿尔山");
  const { page } = view;
  const facet = page.getByRole("group", { name: field("tags"), exact: true });
  assert.match(await facet.getByRole("listitem").filter({ hasText: "林区" }).innerText(), /2$/);
  await facet.getByRole("checkbox", { name: "林区" }).check();
  await page.waitForURL(/tags=/);
  await page.getByText(t("records:count_other", { text: 2 })).first().waitFor();
  await facet.getByRole("checkbox", { name: "温泉" }).check();
  await page.getByText(t("records:count_other", { text: 3 })).first().waitFor();
  await page.reload();
  await rows(page).nth(2).waitFor();
  assert.ok(await facet.getByRole("checkbox", { name: "温泉" }).isChecked());
  await view.done();
});

test("a lead is converted from its row with the keyboard", async () => {
  const api = await apiAs(here.server, AS);
  const lead = await api.post("/leads", { family_name: "呼", given_name: "延灼", company_name: "额尔古纳牧业" });
  const view = await openPage(here.browser, here.server, { as: AS, path: `/leads?q=${encodeURIComponent("呼延灼")}` });
  const { page } = view;
  await rows(page).first().waitFor();
  await page.keyboard.press("j");
  await page.locator("[data-row]:focus").waitFor();
  await page.keyboard.press("v");
  const form = page.getByRole("dialog", { name: /呼延灼/ });
  await form.waitFor();
  const convert = button(form, t("conversion:convert"));
  await page.waitForFunction((name) => {
    const found = [...document.querySelectorAll("[role='dialog'] button")].find((one) => one.textContent === name);
    return found && !found.disabled;
  }, t("conversion:convert"));
  await checkAccessibility(page, "converting from a row");
  await convert.press("Enter");
  await dialog(page, t("conversion:doneTitle")).waitFor();
  assert.equal((await api.get(`/leads/${lead.id}`)).status_category, "converted");
  await page.keyboard.press("Escape");
  await rows(page).first().hover();
  assert.equal(await page.getByRole("button", { name: new RegExp(`^${t("conversion:convert")}: `) }).count(), 0);
  await view.done();
});
