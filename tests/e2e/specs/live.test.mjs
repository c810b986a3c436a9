import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { stage } from "../lib/stage.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const listOf = (word) => `/customers?q=${encodeURIComponent(word)}`;

async function change(page, field, text) {
  const name = t(`records:field.${field}`);
  await page.getByRole("button", { name: new RegExp(`^${t("common:editNamed", { name })}`) }).click();
  const box = page.getByRole("textbox", { name, exact: true });
  await box.fill(text);
  await box.press("Enter");
}

test("what one does, the other sees without reloading", async () => {
  const owner = await apiAs(here.server, "sales@example.com");
  const customer = await owner.post("/customers", { name: "常州静远轴承有限公司", industry: "制造业" });
  const record = await openPage(here.browser, here.server, { path: `/customers/${customer.id}` });
  const list = await openPage(here.browser, here.server, { as: "manager@example.com", path: listOf("静远") });
  await record.page.getByRole("heading", { level: 1, name: customer.name }).waitFor();
  await list.page.getByText(customer.name).first().waitFor();
  let loads = 0;
  list.page.on("framenavigated", () => {
    loads += 1;
  });

  // From the page of one to the list of the other.
  await change(record.page, "industry", "精密轴承");
  await list.page.getByText("精密轴承").first().waitFor();
  // And, by whatever way it was changed, to the page of the one.
  const now = await owner.get(`/customers/${customer.id}`);
  const api = await apiAs(here.server, "manager@example.com");
  await api.patch(`/customers/${customer.id}`, { industry: "风电轴承" }, { "if-match": `"${now.version}"` });
  await record.page.getByRole("button", { name: /风电轴承/ }).waitFor();
  await list.page.getByText("风电轴承").first().waitFor();

  // What is new comes, and what is given to somebody else goes.
  const second = await owner.post("/customers", { name: "常州静远传动有限公司" });
  await list.page.getByText(second.name).first().waitFor();
  const admin = await apiAs(here.server, "admin@example.com");
  const other = await apiAs(here.server, "sales2@example.com");
  await admin.post(`/customers/${second.id}/transfer`, { owner_id: (await other.get("/me")).id });
  await list.page.getByText(second.name).first().waitFor({ state: "detached" });
  assert.equal(loads, 0, "nobody has reloaded");
  await record.done();
  await list.done();
});

test("what is being edited stays as it is under the hands", async () => {
  const owner = await apiAs(here.server, "sales@example.com");
  const customer = await owner.post("/customers", { name: "无锡慎行机床有限公司", industry: "机床" });
  const { page, done } = await openPage(here.browser, here.server, { path: listOf("慎行") });
  const cell = page.getByRole("button", { name: new RegExp(`^${t("common:editNamed", { name: t("records:field.industry") })}`) });
  await cell.first().click();
  const box = page.getByRole("textbox", { name: t("records:field.industry"), exact: true });
  await box.fill("数控");
  const api = await apiAs(here.server, "manager@example.com");
  const name = "无锡慎行机床股份有限公司";
  await api.patch(`/customers/${customer.id}`, { name }, { "if-match": `"${customer.version}"` });
  // Longer than the others need to show it.
  await page.waitForTimeout(2_000);
  assert.equal(await box.inputValue(), "数控");
  assert.equal(await page.getByText(name).count(), 0);
  await box.press("Escape");
  await page.getByText(name).first().waitFor();
  await done();
});
