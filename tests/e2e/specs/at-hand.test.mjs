import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { eventually } from "../lib/steps.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const AS = "sales@example.com";
const t = words("zh-CN");

const star = (page, say = t) => page.getByRole("button", { name: say("desk:favourite"), exact: true });
const rail = (page, say = t) => page.getByRole("list", { name: say("desk:favourites") });
const notesOf = async (api) => (await api.get("/me/sticky-notes")).data;
const part = (page, name) => page.getByRole("region", { name, exact: true });

test("a star set on one page stands in the rail, on home and in the palette of another", async () => {
  const api = await apiAs(here.server, AS);
  const customer = await api.post("/customers", { name: "泰州望潮船舶配套有限公司" });
  const home = await openPage(here.browser, here.server);
  const record = await openPage(here.browser, here.server, { path: `/customers/${customer.id}` });
  await part(home.page, t("home:favourites")).getByText(t("desk:noFavourites")).waitFor();
  await star(record.page).click();
  await rail(record.page).getByRole("link", { name: new RegExp(customer.name) }).waitFor();
  await rail(home.page).getByRole("link", { name: new RegExp(customer.name) }).waitFor();
  await part(home.page, t("home:favourites")).getByRole("link", { name: new RegExp(customer.name) }).waitFor();
  await checkAccessibility(record.page, "a starred customer");
  await takePicture(record, "favourite");

  await home.page.keyboard.press("Control+k");
  const group = home.page.getByRole("group", { name: t("desk:favourites") });
  await group.getByRole("option", { name: new RegExp(customer.name) }).click();
  await home.page.getByRole("heading", { level: 1, name: customer.name }).waitFor();

  // Another name shows wherever the old one stood, and the key takes the star away.
  const name = "泰州望潮船舶装备有限公司";
  await api.patch(`/customers/${customer.id}`, { name }, { "if-match": `"${customer.version}"` });
  await rail(record.page).getByRole("link", { name: new RegExp(name) }).waitFor();
  await home.page.locator("body").press("s");
  await rail(record.page).waitFor({ state: "detached" });
  assert.equal(await star(record.page).getAttribute("aria-pressed"), "false");
  await home.done();
  await record.done();
});

for (const look of Object.keys(LOOKS)) {
  test(`notes are written, coloured and thrown away on home: ${look}`, async () => {
    const say = words(LOOKS[look].language);
    const api = await apiAs(here.server, AS);
    for (const { id } of await notesOf(api)) await api.send("DELETE", `/me/sticky-notes/${id}`);
    const lead = await api.post("/leads", { family_name: "宗", given_name: "澄", company_name: "湖州苕溪丝绸有限公司" });
    const about = { type: "lead", id: lead.id };
    await api.post("/me/sticky-notes", { body: "三月定预算，先找采购，再约总经理。\n要两套样品。", colour: "blue", about });
    await api.post("/me/sticky-notes", { body: "Bring the new price list", colour: "pink" });
    await api.send("PUT", `/me/favourites/lead/${lead.id}`);
    const view = await openPage(here.browser, here.server, { look });
    const { page } = view;
    const wall = part(page, say("home:notes"));
    await wall.getByRole("textbox", { name: say("desk:newNote") }).fill("周五前回电");
    await eventually("the note is saved", () => notesOf(api), (notes) => notes[0].body === "周五前回电");
    const paper = wall.getByRole("article", { name: "周五前回电" });
    // The page knows it is saved: from then on the next paper comes when this one is left.
    await paper.getByRole("textbox", { name: say("desk:noteText") }).waitFor();
    await paper.getByRole("button", { name: say("desk:colour") }).click();
    await page.getByRole("menuitemcheckbox", { name: say("desk:paper.green") }).click();
    await eventually("the colour is saved", () => notesOf(api), (notes) => notes[0].colour === "green");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    // The tooltip of the button goes with the focus.
    await page.getByRole("heading", { level: 1 }).click();
    await page.getByText(say("desk:colour"), { exact: true }).waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing is cut off");
    await checkWords(page, "notes");
    await wall.scrollIntoViewIfNeeded();
    await takePicture(view, "notes");
    await checkAccessibility(page, `notes, ${look}`);

    await paper.getByRole("button", { name: say("desk:throwAway") }).click();
    await eventually("it is gone", () => notesOf(api), (notes) => notes.length === 2);
    await page.getByRole("button", { name: say("records:undo") }).click();
    await eventually("it is back", () => notesOf(api), (notes) => notes[0].body === "周五前回电" && notes[0].colour === "green");
    await view.done();
  });

  test(`what is noted during a call is logged as a call: ${look}`, async () => {
    const say = words(LOOKS[look].language);
    const api = await apiAs(here.server, AS);
    const lead = await api.post("/leads", { family_name: "邵", given_name: "岚", company_name: "台州飞鸿水泵有限公司" });
    const view = await openPage(here.browser, here.server, { look, path: `/leads/${lead.id}` });
    const { page } = view;
    await page.getByRole("button", { name: say("desk:pad"), exact: true }).click();
    const pad = page.getByRole("dialog", { name: say("desk:pad") });
    await pad.getByRole("textbox", { name: say("desk:newNote") }).fill("要两台样机，下周二回电");
    const mine = async () => (await notesOf(api)).filter((note) => note.about?.id === lead.id);
    await eventually("the pad is saved", mine, (notes) => notes.length === 1);
    await pad.getByRole("textbox", { name: say("desk:noteText") }).waitFor();
    await checkWords(page, "pad");
    await takePicture(view, "scratch-pad");
    await checkAccessibility(page, `pad, ${look}`);
    await pad.getByRole("button", { name: say("desk:asCall") }).click();
    await pad.waitFor({ state: "detached" });
    const composer = page.getByRole("region", { name: say("activities:composer") });
    const box = composer.getByRole("textbox", { name: say("activities:kinds.call"), exact: true });
    assert.equal(await box.inputValue(), "要两台样机，下周二回电");
    await takePicture(view, "logged-as-call");
    await box.press("Control+Enter");
    const done = async () => (await api.get(`/activities?filter=${encodeURIComponent(`lead_id = "${lead.id}" AND kind = "call"`)}`)).data;
    await eventually("the call is logged", done, (calls) => calls.length === 1);
    await page.getByRole("button", { name: new RegExp(`^${say("desk:throwAway")}`) }).last().click();
    await eventually("the note is thrown away", mine, (notes) => notes.length === 0);
    await view.done();
  });
}
