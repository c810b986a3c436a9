import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { arrowTo, dialog, eventually } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const AS = "sales@example.com";
const button = (place, name) => place.getByRole("button", { name, exact: true });
const column = (page, name) => page.getByRole("region", { name, exact: true });
const cardIn = (page, name, id) => column(page, name).locator(`[data-board-card="${id}"]`);

let admin;
let sales;
let stages;
let deal;

async function requireIn(name, required_fields) {
  const { data } = await admin.get("/pipelines");
  const found = data[0].stages.find((one) => one.name === name);
  await admin.patch(`/pipelines/${data[0].id}/stages/${found.id}`, { required_fields }, { "if-match": `"${found.version}"` });
}

/** A deal to move, and a stage that asks for something; made once. */
async function arrange() {
  if (deal) return;
  admin = await apiAs(here.server, "admin@example.com");
  sales = await apiAs(here.server, AS);
  stages = (await admin.get("/pipelines")).data[0].stages;
  const customer = await sales.post("/customers", { name: "科尔沁草业" });
  const amount = { amount: "86000.00", currency: "CNY" };
  const known = { amount, expected_close_on: "2030-06-30" };
  deal = await sales.post("/opportunities", { name: "科尔沁牧草采购", customer_id: customer.id, ...known });
  await requireIn("需求确认", ["competitor"]);
}

/** Opens the menu of the card in focus and chooses by arrow keys and Enter. */
async function moveTo(page, name) {
  await page.keyboard.press("m");
  await arrowTo(page, page.getByRole("menuitem", { name, exact: true }));
  await page.keyboard.press("Enter");
}

/** Waits until the server has the deal in this stage. */
async function isIn(name) {
  const wanted = stages.find((one) => one.name === name).id;
  return eventually(name, () => sales.get(`/opportunities/${deal.id}`), ({ stage_id }) => stage_id === wanted);
}

test("what a stage asks for is filled in with the keyboard alone, and the move taken back", async () => {
  await arrange();
  const view = await openPage(here.browser, here.server, { as: AS, path: "/opportunities/board?q=科尔沁" });
  const { page } = view;
  await cardIn(page, "初步接洽", deal.id).focus();
  await moveTo(page, "需求确认");
  const ask = dialog(page, t("board:ask.open", { stage: "需求确认" }));
  const box = ask.getByRole("textbox", { name: t("records:field.competitor") });
  await box.and(page.locator(":focus")).waitFor();
  await takePicture(view, "board-requirement");
  await checkAccessibility(page, "what a stage asks for");
  await page.keyboard.press("Enter");
  await ask.getByText(t("board:required")).waitFor();
  await page.keyboard.type("敕勒川集团");
  await page.keyboard.press("Enter");
  await cardIn(page, "需求确认", deal.id).waitFor();
  await page.waitForFunction((id) => document.activeElement?.dataset.boardCard === id, deal.id);
  assert.equal((await isIn("需求确认")).competitor, "敕勒川集团");
  await button(page, t("board:undo")).first().waitFor();
  await page.keyboard.press("Control+z");
  await cardIn(page, "初步接洽", deal.id).waitFor();
  await isIn("初步接洽");
  await view.done();
});

test("a deal is lost with its reason by keyboard, and Escape leaves it where it was", async () => {
  await arrange();
  const view = await openPage(here.browser, here.server, { as: AS, path: "/opportunities/board?q=科尔沁" });
  const { page } = view;
  await cardIn(page, "初步接洽", deal.id).focus();
  await moveTo(page, "输单");
  const ask = dialog(page, t("board:ask.lost"));
  await ask.waitFor();
  await page.keyboard.press("Escape");
  await ask.waitFor({ state: "detached" });
  await isIn("初步接洽");

  await cardIn(page, "初步接洽", deal.id).focus();
  await moveTo(page, "输单");
  await ask.waitFor();
  await ask.getByRole("radio").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Space");
  const confirm = button(ask, t("board:confirm.lost")).and(page.locator(":focus"));
  for (let step = 0; step < 8 && (await confirm.count()) === 0; step += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await ask.waitFor({ state: "detached" });
  await button(page, t("board:undo")).first().waitFor();
  await isIn("输单");
  await page.keyboard.press("Control+z");
  await cardIn(page, "初步接洽", deal.id).waitFor();
  await view.done();
});

test("on a phone a column fills the screen and a card is moved by its menu", async () => {
  await arrange();
  const view = await openPage(here.browser, here.server, {
    look: "phone",
    as: AS,
    path: "/opportunities/board?q=科尔沁",
  });
  const { page } = view;
  const card = cardIn(page, "初步接洽", deal.id);
  await card.waitFor();
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  const box = await card.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390, "the card is in sight");
  await button(column(page, "初步接洽"), t("board:moveNamed", { name: deal.name })).tap();
  await page.getByRole("menuitem", { name: "方案报价", exact: true }).tap();
  await card.waitFor({ state: "detached" });
  await button(page, t("board:undo")).first().waitFor();
  await isIn("方案报价");
  await takePicture(view, "board-phone-moved");
  await checkAccessibility(page, "board on a phone");
  await button(page, t("board:undo")).first().tap();
  await card.waitFor();
  await isIn("初步接洽");
  await view.done();
});
