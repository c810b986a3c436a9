import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { claimAtOnce, claimOf, dialog, eventually } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const en = words("en");
const ADMIN = "admin@example.com";
const MANAGER = "manager@example.com";
const [SALES, COLLEAGUE] = ["sales@example.com", "sales2@example.com"];

const button = (place, name) => place.getByRole("button", { name, exact: true });
const banner = (page, t) => page.getByRole("region", { name: t("pool:banner.pool") });
const row = (page, name) => page.getByRole("row").filter({ hasText: name });
const poolView = (page, t) => button(page.getByRole("navigation", { name: t("records:views") }), t("records:view.pool"));

let calmed;

/** Each test sets the rules it is about; those of the sample data would stand in the way of the others. */
function calm() {
  calmed ??= (async () => {
    const release = { no_activity_days: null, no_opportunity_days: null, not_won_days: null };
    for (const { id } of await poolsOf(SALES)) {
      await setRules(id, { release, owned_cap: null, claims_per_day: null, cooldown_days: 0 });
    }
  })();
  return calmed;
}

/** A customer that lies in the pool which serves the salespeople. */
async function pooled(name, as = SALES) {
  await calm();
  const owner = await apiAs(here.server, as);
  const { id } = await owner.post("/customers", { name });
  await owner.post(`/customers/${id}/release`, { reason: "三个月联系不上" });
  return id;
}

async function poolsOf(email) {
  return (await (await apiAs(here.server, email)).get("/me/pools")).data;
}

async function setRules(id, changes) {
  const admin = await apiAs(here.server, ADMIN);
  const { version } = await admin.get(`/pools/${id}`);
  await admin.patch(`/pools/${id}`, changes, { "if-match": `"${version}"` });
}

test("two press at once: one has the customer, the other is told who, and both see the same", async () => {
  const name = "嘉兴南湖纺织厂";
  const id = await pooled(name);
  const path = `/customers?view=pool&q=${encodeURIComponent("南湖纺织")}`;
  const [first, second] = await Promise.all([
    openPage(here.browser, here.server, { as: SALES, path }),
    openPage(here.browser, here.server, { as: COLLEAGUE, path }),
  ]);
  await claimOf(first.page, t, name).waitFor();
  await checkAccessibility(first.page, "the pool");
  await takePicture(first, "pool");
  const views = [first, second];
  const outcomes = await claimAtOnce(views.map((view) => ({ ...view, t })), name);
  assert.deepEqual([...outcomes].sort(), [false, true], "one of the two has it");
  const { owner } = await (await apiAs(here.server, ADMIN)).get(`/customers/${id}`);
  const winner = (await (await apiAs(here.server, outcomes[0] ? SALES : COLLEAGUE)).get("/me")).name;
  assert.equal(owner.name, winner);
  const loser = outcomes[0] ? second.page : first.page;
  await loser.getByText(new RegExp(`${t("pool:refused.taken")}|${t("pool:refused.takenBy", { name: winner })}`)).first().waitFor();
  for (const view of views) await view.done();
});

test("a customer is released with a reason, which its page tells, and claimed from there", async () => {
  await calm();
  const owner = await apiAs(here.server, SALES);
  const customer = await owner.post("/customers", { name: "绍兴鉴湖酒业有限公司" });
  const view = await openPage(here.browser, here.server, { as: SALES, path: `/customers/${customer.id}` });
  const { page } = view;
  await button(page, t("records:more")).click();
  await page.getByRole("menuitem", { name: t("records:pool.release"), exact: true }).click();
  const form = dialog(page, t("pool:release.title", { name: customer.name }));
  await button(form, t("pool:reason.unreachable")).click();
  await takePicture(view, "pool-release");
  await checkAccessibility(page, "releasing a customer");
  await button(form, t("records:pool.release")).click();
  await form.waitFor({ state: "detached" });
  await banner(page, t).getByText(t("pool:banner.why", { reason: t("pool:reason.unreachable") })).waitFor();
  assert.equal((await owner.get(`/customers/${customer.id}`)).owner_id, null);
  await takePicture(view, "pool-customer");
  await checkAccessibility(page, "a customer of the pool");
  await view.done();

  const other = await openPage(here.browser, here.server, {
    as: COLLEAGUE,
    look: "en-dark",
    path: `/customers/${customer.id}`,
  });
  await banner(other.page, en).waitFor();
  await checkAccessibility(other.page, "a customer of the pool, dark");
  await button(banner(other.page, en), en("records:pool.claim")).click();
  await other.page.getByText(en("pool:claimed", { name: customer.name })).first().waitFor();
  await banner(other.page, en).waitFor({ state: "detached" });
  await other.page.getByText(en("records:action.claim")).first().waitFor();
  await other.page.getByText(en("records:action.release")).first().waitFor();
  const { owner_id } = await (await apiAs(here.server, COLLEAGUE)).get(`/customers/${customer.id}`);
  assert.equal(owner_id, (await (await apiAs(here.server, COLLEAGUE)).get("/me")).id);
  await other.done();
});

test("the rules of a pool are told in words, and its owner is warned on the page, in the list and at home", async () => {
  await calm();
  const admin = await openPage(here.browser, here.server, { as: ADMIN, path: "/settings/pools" });
  const [{ id, name }] = await poolsOf(SALES);
  await button(admin.page, t("settings:actionsOf", { name })).click();
  await admin.page.getByRole("menuitem", { name: t("settings:edit"), exact: true }).click();
  const form = dialog(admin.page, t("settings:pools.editTitle"));
  await form.getByRole("textbox", { name: t("settings:pools.no_activity_days") }).fill("2");
  await form.getByRole("textbox", { name: t("settings:pools.warn_days") }).fill("3");
  await takePicture(admin, "pool-rules");
  await checkAccessibility(admin.page, "the rules of a pool");
  await button(form, t("settings:save")).click();
  await form.waitFor({ state: "detached" });
  await admin.page.getByText(t("settings:pools.rule.no_activity_days_other", { count: 2 })).first().waitFor();
  await checkAccessibility(admin.page, "the pools");
  await admin.done();

  const owner = await apiAs(here.server, SALES);
  const customer = await owner.post("/customers", { name: "湖州太湖玻璃有限公司" });
  await eventually("it has a day of release", () => owner.get(`/customers/${customer.id}`), (read) => read.release_soon);
  const view = await openPage(here.browser, here.server, { as: SALES, path: `/customers/${customer.id}` });
  const { page } = view;
  const warning = page.getByRole("region", { name: t("pool:banner.soon") });
  await warning.getByText(t("pool:keep.no_activity")).waitFor();
  await checkAccessibility(page, "a customer that is released soon");
  await takePicture(view, "pool-warning");
  await page.goto(`${here.server.url}/customers?view=soon&q=${encodeURIComponent("太湖玻璃")}`);
  await row(page, customer.name).waitFor();
  await page.goto(`${here.server.url}/`);
  await page.getByRole("region", { name: t("home:soon.title") }).getByRole("listitem").first().waitFor();
  await checkAccessibility(page, "home with a warning");
  await view.done();
  await setRules(id, { release: { no_activity_days: null } });
});

test("a manager allots from the pool by the keyboard alone", async () => {
  const name = "金华婺江机械厂";
  const id = await pooled(name, COLLEAGUE);
  // Somebody of the manager's own team; whoever is outside it would be refused.
  const { name: receiver } = await (await apiAs(here.server, SALES)).get("/me");
  const view = await openPage(here.browser, here.server, {
    as: MANAGER,
    path: `/customers?view=pool&q=${encodeURIComponent("婺江机械")}`,
  });
  const { page } = view;
  await row(page, name).waitFor();
  await page.keyboard.press("j");
  await page.locator("[data-row]:focus").waitFor();
  await page.keyboard.press("a");
  const form = dialog(page, t("pool:allot.title", { name }));
  await form.waitFor();
  await checkAccessibility(page, "allotting");
  await page.keyboard.type(receiver);
  await page.getByRole("option", { name: receiver }).waitFor();
  await page.keyboard.press("Enter");
  await button(form, t("records:pool.allot")).press("Enter");
  await page.getByText(t("pool:allot.done", { name, owner: receiver })).first().waitFor();
  assert.equal((await (await apiAs(here.server, MANAGER)).get(`/customers/${id}`)).owner.name, receiver);
  await view.done();
});

test("many are claimed at once, as many as the day allows", async () => {
  const word = "丽水瓯源";
  for (const n of [1, 2, 3]) await pooled(`${word}${n}号茶场`);
  const [{ id, claimed_today }] = await poolsOf(COLLEAGUE);
  await setRules(id, { claims_per_day: claimed_today + 2, cooldown_days: 0 });
  const view = await openPage(here.browser, here.server, {
    as: COLLEAGUE,
    path: `/customers?view=pool&q=${encodeURIComponent(word)}`,
  });
  const { page } = view;
  await page.getByText(t("pool:limit.day_other", { count: 2 })).waitFor();
  await row(page, word).nth(2).waitFor();
  await page.getByRole("checkbox", { name: t("common:selectAllLoaded") }).check();
  const bar = page.getByRole("region", { name: t("bulk:label") });
  await button(bar, t("records:pool.claim")).click();
  const result = dialog(page, t("bulk:result"));
  await result.getByRole("link", { name: new RegExp(word) }).waitFor();
  await takePicture(view, "pool-limit");
  await checkAccessibility(page, "what the limit refused");
  await page.keyboard.press("Escape");
  await page.getByText(t("pool:limit.day_zero")).waitFor();
  await setRules(id, { claims_per_day: null });
  await view.done();
});

test("on a phone the pool is a list of cards, claimed by a touch", async () => {
  const name = "衢州烂柯棋具厂";
  await pooled(name);
  const view = await openPage(here.browser, here.server, { as: COLLEAGUE, look: "phone", path: "/customers" });
  const { page } = view;
  await poolView(page, t).tap();
  await page.waitForURL(/view=pool/);
  const claim = claimOf(page, t, name);
  await claim.waitFor();
  const { height } = await claim.boundingBox();
  assert.ok(height >= 44, `the button is ${height} px high`);
  await takePicture(view, "pool");
  await checkAccessibility(page, "the pool on a phone");
  await page.getByRole("link", { name: new RegExp(name) }).tap();
  await banner(page, t).waitFor();
  await checkAccessibility(page, "a customer of the pool on a phone");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} px wide`);
  await button(banner(page, t), t("records:pool.claim")).tap();
  await page.getByText(t("pool:claimed", { name })).first().waitFor();
  await view.done();
});
