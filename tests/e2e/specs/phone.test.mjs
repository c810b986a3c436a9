import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const AS = "manager@example.com";
const TARGET_PX = 44;
const bar = (page) => page.getByRole("region", { name: t("bulk:label") });
const button = (place, name) => place.getByRole("button", { name, exact: true });
const card = (page, name) => page.getByRole("checkbox", { name: t("common:selectNamed", { name }) });

async function openCustomers(word, count) {
  const api = await apiAs(here.server, AS);
  const operations = Array.from({ length: count }, (_, n) => ({ action: "create", data: { name: `${word}${n}号商行` } }));
  await api.post("/customers/batch", { operations });
  const path = `/customers?q=${encodeURIComponent(word)}`;
  const view = await openPage(here.browser, here.server, { look: "phone", as: AS, path });
  await view.page.getByRole("link", { name: `${word}0号商行` }).waitFor();
  return { api, view, page: view.page };
}

/** Every control that is to be touched is as large as a finger, and the bar does not leave the screen. */
async function checkTargets(page) {
  const { width, height } = page.viewportSize();
  for (const control of await bar(page).getByRole("button").all()) {
    const box = await control.boundingBox();
    const name = await control.innerText();
    assert.ok(box.width >= TARGET_PX && box.height >= TARGET_PX, `${name} is ${box.width} × ${box.height}`);
    assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height, `${name} is in sight`);
  }
}

test("on a phone some records are chosen, changed from the bar below, and taken back", async () => {
  const { api, view, page } = await openCustomers("霍林郭勒", 5);
  const start = button(page, t("records:bulk.start"));
  await start.click();
  assert.equal(await start.getAttribute("aria-pressed"), "true");
  await page.getByText("霍林郭勒1号商行").click();
  await card(page, "霍林郭勒3号商行").check();
  await bar(page).getByText(t("bulk:selected_other", { count: 2 })).waitFor();
  await checkTargets(page);
  await checkAccessibility(page, "choosing on a phone");
  await checkWords(page, "choosing on a phone");
  await takePicture(view, "bulk");
  await button(bar(page), t("bulk:selectEverything_other", { text: 5 })).click();
  await bar(page).getByText(t("bulk:selected_other", { count: 5 })).waitFor();
  await button(bar(page), t("records:delete")).click();
  await page.getByText(t("records:movedToTrash_other", { count: 5 })).waitFor();
  const path = `/customers?q=${encodeURIComponent("霍林郭勒")}`;
  assert.equal((await api.get(path)).data.length, 0);
  const writes = [];
  page.on("request", (request) => {
    if (request.method() === "POST") writes.push(new URL(request.url()).pathname);
  });
  await button(page, t("records:undo")).click();
  await page.getByText(t("records:bulk.undone_other", { count: 5 })).waitFor();
  assert.equal((await api.get(path)).data.length, 5);
  assert.deepEqual(writes, ["/api/v1/customers/batch"], "all come back in one request");
  await view.done();
});

test("a finger that rests on a card begins to choose, and does not open it", async () => {
  const { view, page } = await openCustomers("西乌珠穆沁", 2);
  const name = "西乌珠穆沁1号商行";
  const { x, y } = await page.getByRole("link", { name }).boundingBox();
  const touch = await page.context().newCDPSession(page);
  const touchPoints = [{ x: x + 120, y: y + 30 }];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await card(page, name).waitFor();
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  assert.ok(await card(page, name).isChecked());
  assert.match(page.url(), /\/customers\?q=/);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name }).waitFor();
  await view.done();
});

test("by keyboard alone", async () => {
  const { view, page } = await openCustomers("锡林浩特", 2);
  await button(page, t("records:bulk.start")).press("Enter");
  const first = page.getByRole("checkbox").first();
  await first.waitFor();
  await first.focus();
  await page.keyboard.press("Space");
  assert.ok(await first.isChecked());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await bar(page).getByText(t("bulk:selected_other", { count: 2 })).waitFor();
  await button(bar(page), t("bulk:clear")).press("Enter");
  await page.getByRole("link", { name: "锡林浩特0号商行" }).waitFor();
  await view.done();
});
