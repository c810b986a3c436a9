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
const edit = (field) => new RegExp(`^${t("common:editNamed", { name: t(`records:field.${field}`) })}`);

/** The choice is shown at once; what the server has is known when it has answered. */
const written = (page) => page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());

/** Opens a field, lets somebody else be faster, and goes on: what is being edited stays as it was found. */
async function changeTooLate(page, field, text, meanwhile) {
  await page.getByRole("button", { name: edit(field) }).click();
  const box = page.getByRole("textbox", { name: t(`records:field.${field}`), exact: true });
  await box.fill(text);
  await meanwhile();
  await box.press("Enter");
}

test("of two who edit one record, the second chooses mine or theirs, field by field", async () => {
  const api = await apiAs(here.server, "manager@example.com");
  const owner = await apiAs(here.server, "sales@example.com");
  const customer = await owner.post("/customers", { name: "台州双屿泵业有限公司", industry: "制造业" });
  const path = `/customers/${customer.id}`;
  const view = await openPage(here.browser, here.server, { path });
  const { page } = view;
  view.expectStatus(412);
  await page.getByRole("heading", { level: 1, name: customer.name }).waitFor();

  // The manager is faster, on the same field and on another one.
  const theirs = { industry: "泵阀", website: "https://shuangyu.example/" };
  await changeTooLate(page, "industry", "水泵", () => api.patch(path, theirs, { "if-match": `"${customer.version}"` }));
  const conflict = dialog(page, t("records:conflict.title"));
  await conflict.getByText("泵阀", { exact: true }).waitFor();
  await conflict.getByText("水泵", { exact: true }).waitFor();
  await conflict.getByText("制造业", { exact: true }).waitFor();
  await takePicture(view, "conflict");
  await checkAccessibility(page, "conflict");
  await conflict.getByRole("radio", { name: new RegExp(t("records:conflict.mine")) }).check();
  const saved = written(page);
  await conflict.getByRole("button", { name: t("records:conflict.save") }).click();
  await conflict.waitFor({ state: "detached" });
  await saved;
  await page.getByRole("button", { name: /水泵/ }).waitFor();
  await page.getByText("shuangyu.example").first().waitFor();
  const kept = await api.get(path);
  assert.equal(kept.industry, "水泵");
  assert.equal(kept.website, theirs.website, "what the other changed elsewhere stays");

  // Once more, and this time theirs is kept.
  await changeTooLate(page, "industry", "真空泵", () =>
    api.patch(path, { industry: "流体设备" }, { "if-match": `"${kept.version}"` }),
  );
  await conflict.getByRole("radio", { name: new RegExp(t("records:conflict.theirs")) }).check();
  await conflict.getByRole("button", { name: t("records:conflict.save") }).click();
  await page.getByRole("button", { name: /流体设备/ }).waitFor();
  assert.equal((await api.get(path)).industry, "流体设备");
  await view.done();
});
