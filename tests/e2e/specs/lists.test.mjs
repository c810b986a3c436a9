import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { eventually } from "../lib/steps.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const field = (name) => t(`records:field.${name}`);
const AS = "manager@example.com";

const rows = (page) => page.getByRole("grid").getByRole("row").filter({ has: page.getByRole("link") });
const cell = (row, text) => row.getByRole("gridcell").filter({ hasText: text });

async function openList(path) {
  const view = await openPage(here.browser, here.server, { as: AS, path });
  await rows(view.page).first().waitFor();
  return view;
}

test("facets, search and sort stand in the address and outlive a reload", async () => {
  const view = await openList("/customers");
  const { page } = view;
  const level = page.getByRole("group", { name: field("level"), exact: true });
  await level.getByRole("checkbox", { name: "A", exact: true }).check();
  await page.waitForURL(/level=A/);
  await level.getByRole("checkbox", { name: "B", exact: true }).check();
  await page.waitForURL(/level=A&level=B/);
  await page.getByRole("columnheader", { name: field("name") }).getByRole("button", { name: field("name") }).first().click();
  await page.waitForURL(/sort=-?name/);
  await page.getByRole("searchbox", { name: t("records:searchList") }).fill("有限公司");
  await page.waitForURL(/q=/);
  await page.getByRole("list", { name: t("records:activeFilters") }).getByText("有限公司").waitFor();
  const api = await apiAs(here.server, AS);
  const filter = encodeURIComponent('level IN ("A", "B")');
  const expected = await api.get(`/customers?q=${encodeURIComponent("有限公司")}&filter=${filter}&count=exact`);
  const names = () => rows(page).getByRole("link").allInnerTexts();
  const areFound = (shown) => shown.length > 1 && shown.every((name) => name.includes("有限公司"));
  const before = await eventually("the rows that were found", names, areFound);
  await page.getByText(t("records:count_other", { text: expected.meta.total }), { exact: true }).first().waitFor();

  await page.reload();
  await rows(page).first().waitFor();
  assert.deepEqual(await names(), before);
  assert.ok(await level.getByRole("checkbox", { name: "B", exact: true }).isChecked());
  await takePicture(view, "customers-filtered");
  await view.done();
});

test("a cell is edited in place", async () => {
  const view = await openList("/customers");
  const { page } = view;
  const row = rows(page).first();
  const name = (await row.getByRole("link").innerText()).split("\n").at(-1);
  await row.getByRole("button", { name: new RegExp(`^${t("common:editNamed", { name: field("industry") })}`) }).click();
  const box = page.getByRole("textbox", { name: field("industry"), exact: true });
  await box.fill("海洋工程");
  await box.press("Enter");
  await cell(page.getByRole("row").filter({ hasText: name }), "海洋工程").first().waitFor();
  await page.reload();
  await cell(page.getByRole("row").filter({ hasText: name }), "海洋工程").first().waitFor();
  await view.done();
});

test("columns are chosen, and stay so", async () => {
  const view = await openList("/customers");
  const { page } = view;
  const header = page.getByRole("columnheader", { name: field("phone") });
  const wasShown = (await header.count()) > 0;
  await page.getByRole("button", { name: t("common:columns"), exact: true }).click();
  await page.getByRole("dialog", { name: t("common:columns") }).getByRole("checkbox", { name: field("phone"), exact: true }).click();
  await checkAccessibility(page, "columns");
  await header.waitFor({ state: wasShown ? "detached" : "attached" });
  await page.reload();
  await rows(page).first().waitFor();
  assert.equal((await header.count()) > 0, !wasShown);
  await view.done();
});

test("many are tagged, assigned and deleted at once, and each is taken back", async () => {
  const api = await apiAs(here.server, AS);
  const view = await openList("/customers");
  const { page } = view;
  const chosen = (await api.get("/customers?limit=3")).data;
  const reread = () => Promise.all(chosen.map(({ id }) => api.get(`/customers/${id}`)));
  const select = async () => {
    for (const { name } of chosen) {
      await page.getByRole("checkbox", { name: t("common:selectNamed", { name }), exact: true }).check();
    }
    return page.getByRole("region", { name: t("bulk:label") });
  };
  const undo = async () => {
    await page.getByRole("button", { name: t("records:undo"), exact: true }).first().click();
    await page.waitForLoadState("networkidle");
  };
  const until = (what, holds) => eventually(what, reread, (found) => found.every(holds));

  let bar = await select();
  await takePicture(view, "bulk");
  await checkAccessibility(page, "bulk bar");
  await bar.getByRole("button", { name: t("bulk:tag"), exact: true }).click();
  await page.getByRole("textbox", { name: field("tags") }).fill("展会名单");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: t("bulk:add"), exact: true }).click();
  await until("all are tagged", ({ tags }) => tags.includes("展会名单"));
  await page.getByText(t("records:bulk.changed_other", { count: 3 })).waitFor();
  await undo();
  await until("the tag is gone again", ({ tags }) => !tags.includes("展会名单"));

  bar = await select();
  await bar.getByRole("button", { name: t("bulk:assign"), exact: true }).click();
  const owner = (await api.get("/me")).name;
  await page.getByRole("combobox", { name: field("owner_id") }).fill(owner);
  await page.getByRole("option", { name: new RegExp(owner) }).first().click();
  await until("all are the manager's", (record) => record.owner.name === owner);
  await undo();
  await until("all are whose they were", ({ id, owner_id }) => owner_id === chosen.find((one) => one.id === id).owner_id);
  await view.done();
});

test("what was deleted is taken back at once, or later from the trash", async () => {
  const api = await apiAs(here.server, AS);
  const names = ["丽水甲木业", "丽水乙木业", "丽水丙木业"];
  for (const name of names) await api.post("/customers", { name });
  const view = await openList(`/customers?q=${encodeURIComponent("丽水")}`);
  const { page } = view;
  const removeAll = async () => {
    await page.getByRole("checkbox", { name: t("common:selectAllLoaded") }).check();
    const bar = page.getByRole("region", { name: t("bulk:label") });
    await bar.getByRole("button", { name: t("records:delete"), exact: true }).click();
    await page.getByText(t("records:nothingMatches")).waitFor();
  };
  await removeAll();
  await page.getByRole("button", { name: t("records:undo"), exact: true }).first().click();
  await rows(page).nth(2).waitFor();
  await removeAll();
  await page.goto("/trash");
  await page.getByText(names[1], { exact: false }).first().waitFor();
  await takePicture(view, "trash");
  await page.getByRole("button", { name: t("records:trash.restoreNamed", { name: names[1] }), exact: true }).click();
  await page.getByText(t("records:trash.restored", { name: names[1] })).first().waitFor();
  const left = await api.get(`/customers?q=${encodeURIComponent("丽水")}`);
  assert.deepEqual(left.data.map(({ name }) => name), [names[1]]);
  await view.done();
});
