import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { arrowTo, dialog, eventually } from "../lib/steps.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const en = words("en");
const AS = "admin@example.com";
const [CALLS, REGION] = ["主动来电", "西南地区"];
const TARGET_PX = 44;

const button = (place, name) => place.getByRole("button", { name, exact: true });
const ruleNamed = async (admin, name) => (await admin.get("/scoring-rules")).data.find((rule) => rule.name === name);

/** Switches off the rules of the sample data, so that points come from those of these tests alone. */
async function quietRules(admin) {
  for (const { id, version } of (await admin.get("/scoring-rules")).data) {
    await admin.patch(`/scoring-rules/${id}`, { is_active: false }, { "if-match": `"${version}"` });
  }
}

/** Goes on with Tab until something has the focus. */
async function tabTo(page, target) {
  for (let step = 0; step < 60; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the focus never came to ${target}`);
}

/** Types over what stands in a box. */
async function retype(page, box, text) {
  await tabTo(page, box);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

async function callIn(admin, lead) {
  await admin.post("/activities", {
    kind: "call",
    direction: "inbound",
    status: "done",
    name: "询价",
    happened_at: new Date().toISOString(),
    about: [{ type: "lead", id: lead.id }],
  });
}

/** The reasons of the open layer as numbers: each one's points, and what stands below them. */
async function pointsIn(layer) {
  const cells = await layer.getByRole("table", { name: t("scoring:reasons") }).getByRole("cell").allInnerTexts();
  const numbers = cells.map((text) => Number(text.replace("−", "-").replace(/[+,]/g, "")));
  return { points: numbers.slice(0, -1), total: numbers.at(-1) };
}

test("with the keyboard alone a rule about what was done is written, tried and made", async () => {
  const admin = await apiAs(here.server, AS);
  await quietRules(admin);
  const view = await openPage(here.browser, here.server, { as: AS, path: "/settings/scoring" });
  const { page } = view;
  const { keyboard } = page;
  await button(page, t("scoring:add")).waitFor();
  await tabTo(page, button(page, t("scoring:add")));
  await keyboard.press("Enter");
  const form = dialog(page, t("scoring:add"));
  await form.waitFor();
  await tabTo(page, form.getByRole("textbox", { name: t("settings:name") }));
  await keyboard.type(CALLS);
  await tabTo(page, form.getByRole("radio", { name: t("scoring:kind.property") }));
  await keyboard.press("ArrowRight");
  await tabTo(page, form.getByRole("checkbox", { name: t("activities:kinds.call") }));
  await keyboard.press("Space");
  await tabTo(page, form.getByRole("combobox", { name: t("scoring:rule.direction") }));
  await keyboard.press("Enter");
  await arrowTo(page, page.getByRole("option", { name: t("activities:directions.inbound") }));
  await keyboard.press("Enter");
  await retype(page, form.getByRole("textbox", { name: t("scoring:rule.at_most") }), "3");
  await retype(page, form.getByRole("textbox", { name: t("scoring:rule.halves_after_days") }), "14");
  await retype(page, form.getByRole("textbox", { name: t("scoring:points") }), "30");
  await tabTo(page, button(form, t("scoring:trial.run")));
  await keyboard.press("Enter");
  await form.getByRole("table", { name: t("scoring:trial.ratings") }).scrollIntoViewIfNeeded();
  await takePicture(view, "scoring-tried");
  await checkAccessibility(page, "scoring rule");
  assert.equal(await ruleNamed(admin, CALLS), undefined, "a trial writes nothing");

  await tabTo(page, button(form, t("scoring:create")));
  await keyboard.press("Enter");
  await form.waitFor({ state: "detached" });
  await page.getByRole("list", { name: t("settings:section.scoring") }).getByText(CALLS).waitFor();
  await checkAccessibility(page, "scoring rules");
  const { points, behaviour } = await ruleNamed(admin, CALLS);
  assert.equal(points, 30);
  assert.deepEqual(behaviour, { activity_kinds: ["call"], direction: "inbound", at_most: 3, halves_after_days: 14 });
  await view.done();
});

test("a call raises the score in the open page, and the reasons add up to it", async () => {
  const admin = await apiAs(here.server, AS);
  const condition = { field: "region", op: "in", value: ["四川", "重庆"] };
  await admin.post("/scoring-rules", { name: REGION, kind: "property", points: 40, condition });
  await admin.post("/scoring-rules", {
    name: "展会线索",
    kind: "property",
    points: 10,
    condition: { field: "source", op: "in", value: ["event"] },
  });
  const lead = await admin.post("/leads", { family_name: "蒲", given_name: "江", company_name: "成都蒲江茶业", region: "四川" });
  assert.deepEqual([lead.score, lead.rating, lead.rating_by], [40, "warm", "rules"]);

  const view = await openPage(here.browser, here.server, { as: AS, path: `/leads/${lead.id}` });
  const { page } = view;
  const head = page.getByRole("banner").or(page.locator("header")).filter({ hasText: lead.name }).first();
  const badge = (rating) => head.getByText(t(`records:rating.${rating}`), { exact: true });
  await badge("warm").waitFor();
  await head.getByText("40", { exact: true }).waitFor();
  let loads = 0;
  page.on("framenavigated", () => {
    loads += 1;
  });
  await callIn(admin, lead);
  await badge("hot").waitFor();
  await head.getByText("70", { exact: true }).waitFor();
  assert.equal(loads, 0, "nobody has reloaded");

  await button(page, t("scoring:why")).click();
  const why = page.getByRole("dialog", { name: t("scoring:why") });
  await why.getByText(CALLS).waitFor();
  const { points, total } = await pointsIn(why);
  assert.deepEqual([points, total], [[40, 30], 70]);
  await why.getByText(/展会线索/).waitFor({ state: "hidden" });
  await why.getByText(t("scoring:notMatched_other", { count: 1 })).click();
  await why.getByText("展会线索").waitFor();
  await takePicture(view, "why-this-score");
  await checkAccessibility(page, "why this score");
  await checkWords(page, "why this score");

  // Said by hand it stays, whatever the points are, until it is given back to the rules.
  const rated = async () => {
    const { rating, rating_by } = await admin.get(`/leads/${lead.id}`);
    return `${rating} ${rating_by}`;
  };
  await button(why, t("records:rating.cold")).click();
  await eventually("it is cold by hand", rated, (said) => said === "cold person");
  await badge("cold").waitFor();
  await button(why, t("scoring:byRules")).click();
  await eventually("the rules say it again", rated, (said) => said === "hot rules");
  await badge("hot").waitFor();
  await view.done();
});

test("hot leads have a view, in which a list shows rating and score", async () => {
  const view = await openPage(here.browser, here.server, { as: AS, path: "/leads" });
  const { page } = view;
  await button(page, t("records:view.hot")).click();
  const row = page.getByRole("row").filter({ hasText: "成都蒲江茶业" });
  await row.getByText(t("records:rating.hot"), { exact: true }).waitFor();
  await row.getByText("70", { exact: true }).waitFor();
  await takePicture(view, "leads-hot");
  await checkAccessibility(page, "hot leads");
  await view.done();
});

test("on a phone the card says the rating, and the reasons open beside it", async () => {
  const view = await openPage(here.browser, here.server, { look: "phone", as: AS, path: "/leads?view=hot" });
  const { page } = view;
  const card = page.getByRole("link").filter({ hasText: "蒲江" });
  await card.getByText(t("records:rating.hot"), { exact: true }).waitFor();
  await takePicture(view, "leads-hot");
  await card.click();
  await page.getByRole("tab", { name: t("records:facts") }).click();
  const ask = button(page, t("scoring:why"));
  const box = await ask.boundingBox();
  assert.ok(box.width >= TARGET_PX && box.height >= TARGET_PX, `${box.width} × ${box.height}`);
  await ask.click();
  const why = page.getByRole("dialog", { name: t("scoring:why") });
  await why.getByText(CALLS).waitFor();
  const layer = await why.boundingBox();
  assert.ok(layer.x >= 0 && layer.x + layer.width <= page.viewportSize().width, "the layer is in sight");
  await takePicture(view, "why-this-score");
  await checkAccessibility(page, "why this score on a phone");
  await page.goto("/settings/scoring");
  await page.getByText(CALLS).waitFor();
  await takePicture(view, "settings-scoring");
  await checkAccessibility(page, "scoring on a phone");
  await button(page, t("scoring:add")).click();
  await dialog(page, t("scoring:add")).waitFor();
  await takePicture(view, "scoring-rule");
  await checkAccessibility(page, "scoring rule on a phone");
  await view.done();
});

test("in English and in the dark the thresholds are moved, and the leads are rated by them", async () => {
  const admin = await apiAs(here.server, AS);
  const { data } = await admin.get(`/leads?filter=${encodeURIComponent('company_name = "成都蒲江茶业"')}`);
  const view = await openPage(here.browser, here.server, { look: "en-dark", as: AS, path: `/leads/${data[0].id}` });
  const { page } = view;
  await button(page, en("scoring:why")).click();
  const why = page.getByRole("dialog", { name: en("scoring:why") });
  await why.getByText(CALLS).waitFor();
  await takePicture(view, "why-this-score");
  await checkAccessibility(page, "why this score in the dark");
  await page.goto("/settings/scoring");
  await page.getByText("+40").waitFor();
  await checkWords(page, "scoring");
  await takePicture(view, "settings-scoring");
  await checkAccessibility(page, "scoring in the dark");
  const hot = page.getByRole("textbox", { name: en("scoring:thresholds.hot") });
  await hot.fill("20");
  view.expectStatus(422);
  await button(page, en("settings:save")).click();
  await page.locator("[aria-invalid=true]").first().waitFor();
  await hot.fill("90");
  await button(page, en("settings:save")).click();
  await page.getByText(en("settings:saved")).first().waitFor();
  const rating = async () => (await admin.get(`/leads/${data[0].id}`)).rating;
  // What every node looks for now and then.
  await eventually("70 points are not hot any more", rating, (said) => said === "warm", 40_000);
  await view.done();
});
