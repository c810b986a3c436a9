import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { stage } from "../lib/stage.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");

async function countOn(page, path) {
  await page.goto(path);
  const counted = page.getByText(/^[\d,]+ 条$/).first();
  await counted.waitFor();
  return Number((await counted.innerText()).replace(/\D/g, ""));
}

async function whatIsSeen(email) {
  const view = await openPage(here.browser, here.server, { as: email });
  const seen = {
    list: await countOn(view.page, "/customers"),
    board: await countOn(view.page, "/opportunities/board"),
  };
  await view.done();
  return seen;
}

test("a salesperson sees own records, the manager the team's, the administrator all", async () => {
  const sales = await whatIsSeen("sales@example.com");
  const manager = await whatIsSeen("manager@example.com");
  const admin = await whatIsSeen("admin@example.com");
  for (const place of ["list", "board"]) {
    assert.ok(sales[place] > 0, `sales sees something on the ${place}`);
    assert.ok(sales[place] < manager[place], `${place}: ${sales[place]} for sales, ${manager[place]} for the manager`);
    assert.ok(manager[place] < admin[place], `${place}: ${manager[place]} for the manager, ${admin[place]} for all`);
  }
});

test("the page of somebody else's record says that there is none", async () => {
  const other = await apiAs(here.server, "sales2@example.com");
  const theirs = await other.post("/customers", { name: "大连金普装备制造有限公司" });
  const view = await openPage(here.browser, here.server, { path: `/customers/${theirs.id}` });
  view.expectStatus(404);
  await view.page.getByText(t("records:notFound")).waitFor();
  await view.page.goto(`/customers?q=${encodeURIComponent("金普装备")}`);
  await view.page.getByText(t("records:nothingMatches")).waitFor();
  await view.done();
});
