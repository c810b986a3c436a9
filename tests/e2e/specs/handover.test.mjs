import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { PASSWORD } from "../lib/server.mjs";
import { stage } from "../lib/stage.mjs";
import { dialog as anyDialog, eventually } from "../lib/steps.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const zh = words("zh-CN");
const en = words("en");
const ADMIN = "admin@example.com";
const MANAGER = "manager@example.com";
const [SALES, COLLEAGUE] = ["sales@example.com", "sales2@example.com"];

/** The dialog over the page; what is said in passing is one, too, and says the same. */
const dialog = (page, name) => anyDialog(page, name).and(page.locator(":not([aria-modal=false])"));
const button = (place, name) => place.getByRole("button", { name, exact: true });
const admin = () => apiAs(here.server, ADMIN);
const meOf = async (email) => (await apiAs(here.server, email)).get("/me");

/** Somebody new, who has a customer with a contact and a deal of it, and a lead. */
async function leaver(word, mailbox) {
  const api = await admin();
  const { roles, team_id } = await meOf(SALES);
  const email = `${mailbox}@example.com`;
  const person = await api.post("/users", {
    name: `钱${word}`,
    email,
    password: PASSWORD,
    role_ids: roles.map(({ id }) => id),
    team_id,
  });
  const own = await apiAs(here.server, email, PASSWORD);
  const customer = await own.post("/customers", { name: `${word}精密仪器有限公司` });
  const contact = await own.post("/contacts", { family_name: "孙", given_name: word, customers: [{ customer_id: customer.id, primary: true }] });
  const lead = await own.post("/leads", { company_name: `${word}新材料` });
  return { ...person, email, customer, contact, lead };
}

async function openMenu(page, t, name, entry) {
  await page.getByRole("searchbox", { name: t("settings:people.find") }).fill(name);
  await button(page, t("settings:actionsOf", { name })).click();
  await page.getByRole("menuitem", { name: t(entry), exact: true }).click();
}

/** Chooses a person for a field by typing. */
async function choose(page, form, label, name) {
  await form.getByRole("combobox", { name: label }).fill(name);
  await page.getByRole("option", { name, exact: true }).click();
}

const ownerOf = async (path) => (await (await admin()).get(path)).owner_id;
const owned = (path, id) => eventually(`${path} has changed hands`, () => ownerOf(path), (owner) => owner === id);

test("a salesperson leaves: everything is handed over, comes back, and is handed over again", async () => {
  const person = await leaver("瑞恒", "ruiheng");
  const heir = await meOf(COLLEAGUE);
  const view = await openPage(here.browser, here.server, { as: ADMIN, path: "/settings/people" });
  const { page } = view;
  // Whoever is switched off while they have something is better handed over.
  await openMenu(page, zh, person.name, "settings:people.deactivate");
  const question = page.getByRole("alertdialog", { name: zh("settings:people.deactivateTitle", { name: person.name }) });
  await button(question, zh("handover:off.handOver")).waitFor();
  await checkAccessibility(page, "switching off somebody who has something");
  await takePicture(view, "handover-offered");
  await button(question, zh("handover:off.handOver")).click();

  const form = dialog(page, zh("handover:title", { name: person.name }));
  const everything = new RegExp(`^${zh("handover:form.everything")}`);
  await choose(page, form, everything, heir.name);
  await button(form, zh("handover:form.details")).click();
  await checkWords(page, "handing over");
  await checkAccessibility(page, "handing over");
  await takePicture(view, "handover");
  await button(form, zh("handover:submitOff")).click();
  const done = dialog(page, zh("handover:done", { name: person.name }));
  await done.getByRole("list", { name: zh("handover:result.shares") }).getByText(heir.name).waitFor();
  await checkAccessibility(page, "what was handed over");
  await takePicture(view, "handover-done");
  for (const [path, id] of [["customers", person.customer.id], ["contacts", person.contact.id], ["leads", person.lead.id]]) {
    await owned(`/${path}/${id}`, heir.id);
  }
  assert.equal((await (await admin()).get(`/users/${person.id}`)).is_active, false);

  await button(done, zh("handover:undo.button")).click();
  const sure = page.getByRole("alertdialog", { name: zh("handover:undo.title") });
  await checkAccessibility(page, "the question before an undo");
  await button(sure, zh("handover:undo.confirm")).click();
  const undone = dialog(page, zh("handover:undo.done", { name: person.name }));
  await undone.getByRole("region", { name: zh("handover:undo.undone") }).waitFor();
  await checkAccessibility(page, "a handover that was undone");
  await takePicture(view, "handover-undone");
  await owned(`/customers/${person.customer.id}`, person.id);
  assert.equal((await (await admin()).get(`/users/${person.id}`)).is_active, true);
  await page.keyboard.press("Escape");
  await undone.waitFor({ state: "detached" });

  // Again, by the keyboard alone.
  await button(page, zh("settings:actionsOf", { name: person.name })).press("Enter");
  await page.getByRole("menuitem", { name: zh("settings:people.handOver"), exact: true }).press("Enter");
  await form.waitFor();
  await form.getByRole("combobox", { name: everything }).focus();
  await page.keyboard.type(heir.name);
  await page.getByRole("option", { name: heir.name, exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await form.getByRole("list", { name: zh("handover:form.everything") }).waitFor();
  await button(form, zh("handover:submitOff")).press("Enter");
  await done.waitFor();
  await owned(`/customers/${person.customer.id}`, heir.id);
  await page.keyboard.press("Escape");
  await done.waitFor({ state: "detached" });
  await openMenu(page, zh, person.name, "settings:people.handovers");
  const list = dialog(page, zh("handover:list.title", { name: person.name }));
  await list.getByRole("listitem").nth(1).waitFor();
  await checkAccessibility(page, "the handovers of somebody");
  await view.done();

  const other = await openPage(here.browser, here.server, { as: COLLEAGUE, look: "en-dark", path: `/customers/${person.customer.id}` });
  await other.page.getByText(en("records:action.handover")).first().waitFor();
  await other.page.getByRole("button", { name: /^Notifications/ }).click();
  await other.page.getByText(en("notifications:handedOver", { name: person.name })).first().waitFor();
  await checkAccessibility(other.page, "what was handed over to somebody, dark");
  await other.done();
});

test("on a phone somebody's work is handed over, and taken back", async () => {
  const person = await leaver("Juniper", "juniper");
  const heir = await meOf(MANAGER);
  const view = await openPage(here.browser, here.server, { as: ADMIN, look: "phone", language: "en", path: "/settings/people" });
  const { page } = view;
  await openMenu(page, en, person.name, "settings:people.handOver");
  const form = dialog(page, en("handover:title", { name: person.name }));
  await choose(page, form, new RegExp(`^${en("handover:form.everything")}`), heir.name);
  await checkAccessibility(page, "handing over on a phone");
  await takePicture(view, "handover");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} px wide`);
  await button(form, en("handover:submitOff")).tap();
  const done = dialog(page, en("handover:done", { name: person.name }));
  await done.waitFor();
  await checkAccessibility(page, "what was handed over, on a phone");
  await button(done, en("handover:undo.button")).tap();
  await button(page.getByRole("alertdialog"), en("handover:undo.confirm")).tap();
  await page.getByRole("region", { name: en("handover:undo.undone") }).waitFor();
  await owned(`/customers/${person.customer.id}`, person.id);
  await view.done();
});

test("a customer is given to somebody with what belongs to it", async () => {
  const owner = await apiAs(here.server, SALES);
  const { name: receiver, id: receiverId } = await meOf(COLLEAGUE);
  const customer = await owner.post("/customers", { name: "台州灵江泵业有限公司" });
  const contact = await owner.post("/contacts", { family_name: "周", given_name: "灵", customers: [{ customer_id: customer.id, primary: true }] });
  const deal = await owner.post("/opportunities", { name: "灵江 · 离心泵", customer_id: customer.id });
  const view = await openPage(here.browser, here.server, { as: ADMIN, path: `/customers/${customer.id}` });
  const { page } = view;
  await button(page, zh("records:more")).click();
  await page.getByRole("menuitem", { name: zh("records:transfer"), exact: true }).click();
  const form = dialog(page, zh("handover:transfer.title", { name: customer.name }));
  await choose(page, form, new RegExp(`^${zh("handover:transfer.owner")}`), receiver);
  const deals = form.getByRole("group", { name: zh("handover:along.opportunities"), exact: true });
  await deals.getByRole("button", { name: zh("handover:along.none"), exact: true }).click();
  await checkWords(page, "transferring");
  await checkAccessibility(page, "transferring a customer");
  await takePicture(view, "transfer");
  await button(form, zh("handover:transfer.submit")).press("Enter");
  await page.getByText(zh("handover:transfer.done", { name: customer.name, owner: receiver })).first().waitFor();
  await form.waitFor({ state: "detached" });
  await owned(`/customers/${customer.id}`, receiverId);
  await owned(`/contacts/${contact.id}`, receiverId);
  assert.notEqual(await ownerOf(`/opportunities/${deal.id}`), receiverId);
  await view.done();

  // Choosing another owner in place asks the same; what was chosen last is remembered by the browser alone.
  const back = await openPage(here.browser, here.server, { as: ADMIN, look: "en-dark", path: `/customers/${customer.id}` });
  const editing = en("common:editNamed", { name: en("records:field.owner_id") });
  await back.page.getByRole("button", { name: new RegExp(`^${editing}`) }).click();
  const first = (await meOf(SALES)).name;
  await back.page.getByRole("combobox", { name: en("records:field.owner_id"), exact: true }).fill(first);
  await back.page.getByRole("option", { name: first, exact: true }).click();
  const asked = dialog(back.page, en("handover:transfer.title", { name: customer.name }));
  await asked.getByRole("group", { name: en("handover:along.contacts"), exact: true }).waitFor();
  await checkAccessibility(back.page, "transferring a customer, dark");
  await takePicture(back, "transfer");
  await button(asked, en("handover:transfer.submit")).click();
  await back.page.getByText(en("handover:transfer.done", { name: customer.name, owner: first })).first().waitFor();
  await owned(`/contacts/${contact.id}`, (await meOf(SALES)).id);
  await back.done();
});
