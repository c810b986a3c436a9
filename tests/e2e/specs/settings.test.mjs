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
const AS = "admin@example.com";
const PASSWORD = "correct horse battery staple";

const openSettings = (section) => openPage(here.browser, here.server, { as: AS, path: `/settings/${section}` });
const button = (place, name) => place.getByRole("button", { name, exact: true });

async function personMenu(page, name, entry) {
  await page.getByRole("button", { name: t("settings:actionsOf", { name }) }).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

test("a colleague is added; a changed role and an ended session act on the very next request", async () => {
  const view = await openSettings("people");
  const { page } = view;
  await button(page, t("settings:people.add")).click();
  const form = dialog(page, t("settings:people.add"));
  await form.getByLabel(t("settings:people.name")).fill("陆星辰");
  await form.getByLabel(t("settings:email")).fill("lu@example.com");
  const role = (name) => form.getByRole("checkbox", { name, exact: true });
  const roles = (await (await apiAs(here.server, AS)).get("/roles")).data;
  const nameOf = (key) => {
    const found = roles.find((one) => one.key === key);
    return found.names?.["zh-CN"] ?? found.name;
  };
  await role(nameOf("viewer")).check();
  await form.getByLabel(t("settings:people.firstPassword")).fill(PASSWORD);
  await takePicture(view, "person");
  await checkAccessibility(page, "person");
  await button(form, t("settings:people.create")).click();
  await page.getByRole("row").filter({ hasText: "lu@example.com" }).waitFor();

  const theirs = await apiAs(here.server, "lu@example.com", PASSWORD);
  const create = () => theirs.send("POST", "/customers", { name: "湖州太湖家具厂" });
  assert.equal((await create()).status, 403);
  await personMenu(page, "陆星辰", t("settings:edit"));
  const edit = dialog(page, t("settings:people.editTitle", { name: "陆星辰" }));
  await edit.getByRole("checkbox", { name: nameOf("sales"), exact: true }).check();
  await button(edit, t("settings:save")).click();
  await edit.waitFor({ state: "detached" });
  assert.equal((await create()).status, 201);
  await personMenu(page, "陆星辰", t("settings:people.signOut"));
  await page.getByText(t("settings:people.signedOut", { name: "陆星辰" })).first().waitFor();
  assert.equal((await create()).status, 401);
  await view.done();
});

test("a session is ended from the profile, and its page has to sign in again", async () => {
  const laptop = await openPage(here.browser, here.server, { as: "service@example.com", path: "/settings/profile" });
  const phone = await openPage(here.browser, here.server, { as: "service@example.com", path: "/customers" });
  await phone.page.getByRole("heading", { level: 1 }).waitFor();
  await laptop.page.reload();
  // From here on: whatever happens elsewhere makes the open page ask again.
  phone.expectStatus(401);
  await button(laptop.page, t("settings:profile.endOthers")).click();
  await button(laptop.page, t("settings:profile.endOthers")).waitFor({ state: "detached" });
  await phone.page.reload();
  await phone.page.waitForURL(/sign-in/);
  await laptop.done();
  await phone.done();
});

test("a pipeline is removed, and its opportunities go where each stage says", async () => {
  const api = await apiAs(here.server, AS);
  const names = { "zh-CN": "直销", en: "Direct" };
  const made = await api.post("/pipelines", { names });
  const customer = await api.post("/customers", { name: "乌拉盖畜牧" });
  const deal = await api.post("/opportunities", {
    name: "乌拉盖羊毛",
    customer_id: customer.id,
    pipeline_id: made.id,
    stage_id: made.stages[1].id,
  });
  const view = await openSettings("pipelines");
  const { page } = view;
  await button(page, t("common:removeNamed", { name: "直销" })).click();
  const form = dialog(page, t("settings:removeTitle", { name: "直销" }));
  const name = made.stages[1].names["zh-CN"] ?? made.stages[1].name;
  const target = form.getByRole("combobox", { name: t("settings:pipelines.goesTo", { name }) });
  await target.waitFor();
  await takePicture(view, "pipeline-removal");
  await checkAccessibility(page, "where opportunities of a removed pipeline go");
  await target.click();
  await page.getByRole("option", { name: "方案报价", exact: true }).click();
  await button(form, t("settings:remove")).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("region", { name: "直销" }).waitFor({ state: "detached" });
  assert.equal((await api.get(`/opportunities/${deal.id}`)).stage.name, "方案报价");
  await view.done();
});

test("pipelines, stages, statuses and sources are added and removed", async () => {
  const view = await openSettings("pipelines");
  const { page } = view;
  await button(page, t("settings:pipelines.add")).click();
  const form = dialog(page, t("settings:pipelines.add"));
  await form.getByLabel(t("settings:nameZh")).fill("渠道流程");
  await form.getByLabel(t("settings:nameEn")).fill("Channel");
  await button(form, t("settings:pipelines.add")).click();
  const pipeline = page.getByRole("region", { name: "渠道流程" });
  await button(pipeline, t("settings:pipelines.addStage")).click();
  const stageForm = dialog(page, t("settings:pipelines.addStage"));
  await stageForm.getByLabel(t("settings:nameZh")).fill("样品测试");
  await stageForm.getByLabel(t("settings:nameEn")).fill("Sampling");
  await stageForm.getByRole("checkbox", { name: t("settings:requiredField.competitor") }).check();
  await takePicture(view, "stage");
  await checkAccessibility(page, "stage");
  await button(stageForm, t("settings:pipelines.addStage")).click();
  const line = pipeline.getByRole("listitem").filter({ hasText: "样品测试" });
  await line.getByText(new RegExp(t("settings:requiredField.competitor"))).waitFor();
  await personMenu(page, "样品测试", t("settings:remove"));
  const remove = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  await button(remove, t("settings:remove")).click();
  await line.waitFor({ state: "detached" });

  for (const [section, key] of [["statuses", "statuses:add"], ["sources", "sources:add"]]) {
    await page.goto(`/settings/${section}`);
    const add = t(`settings:${key.replace(":", ".")}`);
    await button(page, add).click();
    const small = dialog(page, add);
    await small.getByLabel(t("settings:nameZh")).fill("老客户推荐");
    await small.getByLabel(t("settings:nameEn")).fill("Old friends");
    await button(small, add).click();
    const added = page.getByRole("listitem").filter({ hasText: "老客户推荐" });
    await added.waitFor();
    await page.getByRole("button", { name: t("common:moveUpNamed", { name: "老客户推荐" }) }).click();
    await page.waitForLoadState("networkidle");
    await personMenu(page, "老客户推荐", t("settings:remove"));
    await button(remove, t("settings:remove")).click();
    await added.waitFor({ state: "detached" });
  }
  await view.done();
});

test("an API key is shown once, works within its scopes, and is revoked", async () => {
  const view = await openSettings("keys");
  const { page } = view;
  await button(page, t("settings:keys.add")).first().click();
  const form = dialog(page, t("settings:keys.add"));
  await form.getByLabel(t("settings:name")).fill("ERP 同步");
  await checkAccessibility(page, "key");
  await button(form, t("settings:keys.create")).click();
  const made = dialog(page, t("settings:keys.made"));
  await made.waitFor();
  const secret = await made.locator("code").innerText();
  await takePicture(view, "key");
  await checkAccessibility(page, "secret");
  const ask = (method, path, body) =>
    fetch(`${here.server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
  assert.equal((await ask("GET", "/customers?limit=1")).status, 200);
  assert.equal((await ask("POST", "/customers", { name: "无权" })).status, 403);
  await button(made, t("settings:kept")).click();
  await page.reload();
  await page.getByRole("row").filter({ hasText: "ERP 同步" }).waitFor();
  assert.ok(!(await page.content()).includes(secret), "the key is not shown again");
  await page.getByRole("button", { name: t("settings:keys.revokeNamed", { name: "ERP 同步" }) }).click();
  const revoked = page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.ok());
  await button(page.getByRole("alertdialog").or(page.getByRole("dialog")), t("settings:keys.revoke")).click();
  await revoked;
  await page.getByRole("row").filter({ hasText: "ERP 同步" }).waitFor({ state: "detached" });
  assert.equal((await ask("GET", "/customers?limit=1")).status, 401);
  await view.done();
});
