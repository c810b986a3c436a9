import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage({ demo: false });

/** The address with the one-time token, as the console shows it. */
function setupAddress() {
  const found = /https?:\/\/\S*\/setup\?token=\S+/.exec(here.server.log());
  assert.ok(found, `the console shows where to begin:\n${here.server.log()}`);
  return new URL(found[0]);
}

for (const look of Object.keys(LOOKS)) {
  test(`the first run is in order: ${look}`, async () => {
    const { pathname, search } = setupAddress();
    const view = await openPage(here.browser, here.server, { look, as: null, path: pathname + search });
    await view.page.getByRole("heading", { level: 1 }).waitFor();
    await checkWords(view.page, "setup");
    await checkAccessibility(view.page, `setup, ${look}`);
    await takePicture(view, "setup");
    await view.done();
  });
}

test("whoever starts the server becomes its administrator, once", async () => {
  const t = words("zh-CN");
  const { pathname, search } = setupAddress();
  const view = await openPage(here.browser, here.server, { as: null });
  const { page } = view;
  // Without the token, the page asks for it.
  await page.waitForURL("**/setup");
  await page.getByLabel(t("auth:setup.token")).waitFor();

  await page.goto(pathname + search);
  await page.getByLabel(t("auth:setup.organisation")).fill("嘉陵仪表");
  await page.getByLabel(t("auth:setup.name")).fill("苏晚晴");
  await page.getByLabel(t("auth:email")).fill("su@jialing.example");
  await page.getByLabel(t("auth:password")).fill("short");
  const submit = page.getByRole("button", { name: t("auth:setup.submit") });
  await submit.click();
  await page.getByText(t("auth:setup.passwordShort")).waitFor();
  await page.getByLabel(t("auth:password")).fill("correct horse battery staple");
  await submit.click();
  await page.getByRole("heading", { level: 1, name: /苏晚晴/ }).waitFor();
  await page.getByText("嘉陵仪表").first().waitFor();
  await page.getByText(t("home:start.title")).waitFor();
  await checkAccessibility(page, "home on the first day");
  await takePicture(view, "first-day");

  const again = await fetch(`${here.server.url}/api/v1/setup`);
  assert.deepEqual(await again.json(), { required: false });
  await view.done();
});
