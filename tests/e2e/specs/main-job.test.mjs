import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { DEMO_PASSWORD } from "../lib/server.mjs";
import { stage } from "../lib/stage.mjs";
import { dialog, drag, fillQuickCreate, search } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const COMPANY = "宁波鸿图精密仪器有限公司";

async function createLead(page, fields) {
  await page.getByRole("button", { name: t("records:new") }).click();
  const form = await fillQuickCreate(page, "leads", fields);
  return form;
}

async function openLead(page, name) {
  await (await search(page, name)).filter({ hasText: name }).first().click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

test("a lead typed in Chinese is converted, won, found again; a second conversion is undone", async () => {
  const view = await openPage(here.browser, here.server, { as: null });
  const { page } = view;
  view.expectStatus(422); // A stage that asks for more answers so, and the page asks.
  const api = await apiAs(here.server, "sales@example.com");

  // Sign in.
  await page.getByLabel(t("auth:email")).fill("sales@example.com");
  await page.getByLabel(t("auth:password")).fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: t("auth:signIn"), exact: true }).click();
  await page.getByRole("link", { name: t("records:plural.leads"), exact: true }).click();

  // Type a lead.
  const form = await createLead(page, {
    family_name: "欧阳",
    given_name: "丹青",
    company_name: COMPANY,
    phone: "13800138123",
    estimated_amount: "85.8万",
  });
  await takePicture(view, "create");
  await checkAccessibility(page, "quick create");
  await form.getByRole("button", { name: t("records:create"), exact: true }).click();
  await page.getByRole("button", { name: t("records:open"), exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "欧阳丹青" }).waitFor();

  // Convert it.
  await page.getByRole("button", { name: t("conversion:convert") }).click();
  const convert = dialog(page, t("conversion:title", { name: "欧阳丹青" }));
  const deal = convert.getByRole("region", { name: t("records:one.opportunities") });
  const name = deal.getByRole("textbox", { name: t("records:field.name") });
  assert.match(await name.inputValue(), /鸿图/);
  await name.fill("鸿图检测设备");
  await takePicture(view, "convert");
  await checkAccessibility(page, "convert");
  await convert.getByRole("button", { name: t("conversion:convert") }).click();
  const result = dialog(page, t("conversion:doneTitle"));
  await result.getByRole("link", { name: /鸿图检测设备/ }).waitFor();
  await takePicture(view, "converted");
  await checkAccessibility(page, "converted");
  await result.getByRole("button", { name: t("common:close") }).click();

  // Drag it over the board: proposal asks for an amount it has, negotiation for a closing date it has not.
  await page.goto("/opportunities/board");
  const column = (stage) => page.getByRole("region", { name: stage, exact: true });
  const card = page.getByRole("listitem").filter({ hasText: "鸿图检测设备" });
  await column("初步接洽").getByRole("link", { name: "鸿图检测设备" }).waitFor();
  await drag(page, card, column("方案报价"));
  await column("方案报价").getByRole("link", { name: "鸿图检测设备" }).waitFor();
  await drag(page, card, column("商务谈判"));
  const ask = dialog(page, t("board:ask.open", { stage: "商务谈判" }));
  await ask.getByRole("button", { name: t("board:confirm.open"), exact: true }).click();
  await ask.getByText(t("board:required")).waitFor();
  await ask.getByRole("button", { name: t("records:field.expected_close_on") }).click();
  await page.getByRole("gridcell").getByRole("button", { name: /15/ }).first().click();
  await takePicture(view, "board-ask");
  await checkAccessibility(page, "required fields");
  await ask.getByRole("button", { name: t("board:confirm.open"), exact: true }).click();
  await column("商务谈判").getByRole("link", { name: "鸿图检测设备" }).waitFor();
  await drag(page, card, () => page.locator("[data-board-end=won]"));
  await page.getByText(t("board:moved.won", { name: "鸿图检测设备" }), { exact: true }).first().waitFor();
  const found = (await api.get(`/opportunities?q=${encodeURIComponent("鸿图检测设备")}`)).data;
  assert.equal(found[0].category, "won");
  assert.deepEqual(found[0].amount, { amount: "858000.00", currency: "CNY" });

  // The customer is found by two characters and by the initials of its pinyin.
  for (const text of ["鸿图", "nbht"]) {
    const hits = await search(page, text);
    await hits.filter({ hasText: COMPANY }).first().waitFor();
    if (text === "nbht") {
      await takePicture(view, "palette");
      await checkAccessibility(page, "palette");
    }
    await page.keyboard.press("Escape");
  }
  await (await search(page, "nbht")).filter({ hasText: COMPANY }).first().click();
  await page.getByRole("heading", { level: 1, name: COMPANY }).waitFor();

  // A second conversion, taken back.
  await page.goto("/leads");
  const second = await createLead(page, { family_name: "司徒", given_name: "一鸣", company_name: "绍兴白鹭文化传播有限公司" });
  await second.getByRole("button", { name: t("records:create"), exact: true }).click();
  await page.getByRole("button", { name: t("records:open"), exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "司徒一鸣" }).waitFor();
  await page.getByRole("button", { name: t("conversion:convert") }).click();
  const again = dialog(page, t("conversion:title", { name: "司徒一鸣" }));
  await again.getByRole("button", { name: t("conversion:convert") }).click();
  await page.getByRole("button", { name: t("conversion:undo") }).click();
  await page.getByText(t("conversion:undone", { name: "司徒一鸣" })).first().waitFor();
  await page.getByRole("button", { name: t("conversion:convert") }).waitFor();
  const left = await api.get(`/customers?q=${encodeURIComponent("白鹭")}`);
  assert.equal(left.data.length, 0, "the customer went into the trash");
  await openLead(page, "司徒一鸣");
  await view.done();
});
