import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { arrowTo, dialog, eventually } from "../lib/steps.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const field = (name) => t(`records:field.${name}`);
const formOf = (page, name, say = t) => dialog(page, say("records:edit.title", { name }));
const textbox = (form, name) => form.getByRole("textbox", { name: field(name), exact: true });
const focusedName = (page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    const labels = (at?.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
    return at?.getAttribute("aria-label") ?? labels.map((label) => label?.textContent ?? "").join("").replace("*", "");
  });

async function openRecord(path, options = {}) {
  const view = await openPage(here.browser, here.server, { as: "sales@example.com", path, ...options });
  await view.page.locator("h1").first().waitFor();
  await view.page.waitForLoadState("networkidle");
  return view;
}

const sales = () => apiAs(here.server, "sales@example.com");

test("with the keyboard alone every field is reached, changed and saved", async () => {
  const api = await sales();
  const contact = await api.post("/contacts", { family_name: "公孙", given_name: "衍", job_title: "经理" });
  const view = await openRecord(`/contacts/${contact.id}`);
  const { page } = view;
  const { keyboard } = page;
  await keyboard.press("e");
  const form = formOf(page, contact.name);
  await form.waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
  assert.equal(await focusedName(page), field("family_name"));
  const seen = new Set();
  const goTo = async (name) => {
    for (let step = 0; step < 60; step += 1) {
      const at = await focusedName(page);
      seen.add(at);
      if (at === name) return;
      await keyboard.press("Tab");
    }
    assert.fail(`Tab never reached ${name}, only ${[...seen].join(", ")}`);
  };
  await goTo(field("job_title"));
  await keyboard.press("Control+a");
  await keyboard.type("采购总监");
  await goTo(t("records:birthdayMonth"));
  await keyboard.press("Enter");
  const option = (name) => page.getByRole("option", { name, exact: true });
  await arrowTo(page, option("5月"));
  await keyboard.press("Enter");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  await goTo(t("records:birthdayDay"));
  await keyboard.press("Enter");
  await arrowTo(page, option("6"));
  await keyboard.press("Enter");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  await goTo(field("tags"));
  await keyboard.type("老友");
  await keyboard.press("Enter");
  await form.getByText(t("records:edit.changed_other", { count: 3 })).waitFor();
  await keyboard.press("Control+Enter");
  await form.waitFor({ state: "detached" });

  const saved = await api.get(`/contacts/${contact.id}`);
  assert.equal(saved.job_title, "采购总监");
  assert.deepEqual(saved.birthday, { month: 5, day: 6, year: null });
  assert.deepEqual(saved.tags, ["老友"]);
  assert.equal(saved.version, contact.version + 1, "all in one write");
  await page.getByRole("button", { name: /5月6日/ }).first().waitFor();
  await view.done();
});

test("what the server refuses is said at its field, and the cursor goes there", async () => {
  const api = await sales();
  const contact = await api.post("/contacts", { family_name: "仲孙", given_name: "何", emails: [{ value: "zhong@lu.example" }] });
  const view = await openRecord(`/contacts/${contact.id}`);
  const { page } = view;
  view.expectStatus(422);
  await page.getByRole("button", { name: new RegExp(`^${t("records:edit.button")}\\s*E$`) }).first().click();
  const form = formOf(page, contact.name);
  const emails = form.getByRole("group", { name: field("emails"), exact: true });
  await emails.getByRole("button", { name: t("records:addItem") }).click();
  const second = emails.getByRole("textbox").nth(1);
  await second.fill("not an address");
  await textbox(form, "wechat").fill("zhongsun");
  await form.getByRole("button", { name: t("records:edit.save") }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  assert.equal(await second.evaluate((box) => box === document.activeElement), true);
  assert.equal(await emails.getByRole("textbox").first().getAttribute("aria-invalid"), null);
  assert.match(await second.evaluate((box) => document.getElementById(box.getAttribute("aria-describedby"))?.textContent ?? ""), /\S/);
  await takePicture(view, "edit-refused");
  await checkAccessibility(page, "a refused form");
  assert.equal((await api.get(`/contacts/${contact.id}`)).wechat, null, "nothing was written");

  await second.fill("he@lu.example");
  await second.press("Control+Enter");
  await form.waitFor({ state: "detached" });
  const saved = await api.get(`/contacts/${contact.id}`);
  assert.deepEqual(saved.emails.map(({ value }) => value), ["zhong@lu.example", "he@lu.example"]);
  assert.equal(saved.wechat, "zhongsun");
  await view.done();
});

test("nobody leaves with unsaved changes unasked", async () => {
  const api = await sales();
  const customer = await api.post("/customers", { name: "嘉兴南湖游船有限公司" });
  const view = await openRecord(`/customers?q=${encodeURIComponent("南湖游船")}`);
  const { page } = view;
  await page.getByRole("link", { name: customer.name }).first().click();
  await page.getByRole("button", { name: t("records:openPage") }).click();
  await page.waitForURL(new RegExp(customer.id));
  await page.getByRole("heading", { level: 1, name: customer.name }).waitFor();
  const form = formOf(page, customer.name);
  const question = page.getByRole("alertdialog", { name: t("records:edit.leaveTitle") });
  await page.keyboard.press("e");
  await form.waitFor();
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });

  await page.keyboard.press("e");
  await textbox(form, "industry").fill("游船");
  await page.keyboard.press("Escape");
  await question.waitFor();
  await checkAccessibility(page, "the question before leaving");
  await question.getByRole("button", { name: t("records:edit.stay") }).click();
  await question.waitFor({ state: "detached" });
  assert.equal(await textbox(form, "industry").inputValue(), "游船");

  await page.goBack();
  await question.waitFor();
  assert.match(page.url(), new RegExp(customer.id));
  await question.getByRole("button", { name: t("records:edit.discard") }).click();
  await form.waitFor({ state: "detached" });
  await page.waitForURL(/\/customers\?/);
  assert.equal((await api.get(`/customers/${customer.id}`)).industry, null);
  await view.done();
});

test("of two who edit one record, the one who saves later chooses field by field", async () => {
  const api = await sales();
  const manager = await apiAs(here.server, "manager@example.com");
  const customer = await api.post("/customers", { name: "丽水云和木玩有限公司", industry: "玩具" });
  const view = await openRecord(`/customers/${customer.id}`);
  const { page } = view;
  view.expectStatus(412);
  await page.keyboard.press("e");
  const form = formOf(page, customer.name);
  await textbox(form, "industry").fill("木制玩具");
  await textbox(form, "tax_id").fill("91331125MA2X00000X");
  await manager.patch(`/customers/${customer.id}`, { industry: "教具" }, { "if-match": `"${customer.version}"` });
  await page.keyboard.press("Control+Enter");
  const conflict = dialog(page, t("records:conflict.title"));
  await conflict.getByText("教具", { exact: true }).waitFor();
  const written = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await conflict.getByRole("button", { name: t("records:conflict.save") }).click();
  await written;
  await conflict.waitFor({ state: "detached" });
  await page.getByRole("button", { name: /木制玩具/ }).waitFor();
  const saved = await api.get(`/customers/${customer.id}`);
  assert.deepEqual([saved.industry, saved.tax_id], ["木制玩具", "91331125MA2X00000X"]);
  await view.done();
});

test("the people of a deal are chosen, given a part and put first where they stand", async () => {
  const api = await sales();
  const customer = await api.post("/customers", { name: "绍兴鉴湖酒业有限公司" });
  const link = [{ customer_id: customer.id }];
  const first = await api.post("/contacts", { family_name: "嵇", given_name: "康", customers: link });
  const second = await api.post("/contacts", { family_name: "阮", given_name: "籍", customers: link });
  const deal = await api.post("/opportunities", {
    name: "鉴湖酒业 – 灌装线",
    customer_id: customer.id,
    primary_contact_id: first.id,
    contacts: [{ contact_id: first.id, role: "user" }],
  });
  const view = await openRecord(`/opportunities/${deal.id}`);
  const { page } = view;
  await page.getByRole("button", { name: new RegExp(`^${t("common:editNamed", { name: field("stakeholders") })}`) }).click();
  const people = page.getByRole("group", { name: field("stakeholders"), exact: true });
  await people.getByRole("button", { name: t("records:addItem") }).click();
  await people.getByRole("combobox", { name: t("records:one.contacts") }).nth(1).fill("阮籍");
  await page.getByRole("option", { name: /阮籍/ }).first().click();
  await people.getByRole("combobox", { name: t("records:roleInDeal") }).nth(1).click();
  await page.getByRole("option", { name: t("records:decisionRole.decision_maker") }).click();
  await people.getByRole("button", { name: t("records:makePrimary") }).nth(1).click();
  await checkAccessibility(page, "the people of a deal");
  await page.getByRole("heading", { level: 1 }).click();
  await page.getByRole("button", { name: new RegExp(`阮籍.*${t("records:decisionRole.decision_maker")}`) }).waitFor();
  const read = () => api.get(`/opportunities/${deal.id}`);
  const saved = await eventually("the deal is saved", read, ({ version }) => version > deal.version);
  assert.deepEqual(
    saved.contacts.map(({ contact_id, role }) => [contact_id, role]),
    [[first.id, "user"], [second.id, "decision_maker"]],
  );
  assert.equal(saved.primary_contact_id, second.id);
  await view.done();
});

test("Tab saves a cell and opens the next one, Shift+Tab the one before", async () => {
  const api = await sales();
  const lead = await api.post("/leads", { family_name: "淳于", given_name: "髡", company_name: "稷下学社", phone: "13800000000" });
  const view = await openRecord(`/leads?q=${encodeURIComponent("稷下学社")}`);
  const { page } = view;
  const row = page.getByRole("row").filter({ has: page.getByRole("link") }).first();
  await row.getByRole("button", { name: new RegExp(`^${t("common:editNamed", { name: field("company_name") })}`) }).click();
  await page.getByRole("textbox", { name: field("company_name"), exact: true }).fill("稷下学宫");
  await page.keyboard.press("Tab");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("Tab");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("Tab");
  const amount = page.getByRole("textbox", { name: field("estimated_amount"), exact: true });
  await amount.waitFor();
  await amount.fill("8万");
  await page.keyboard.press("Tab");
  await page.getByRole("combobox", { name: field("owner_id"), exact: true }).waitFor();
  await page.keyboard.press("Tab");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("Tab");
  const phone = page.getByRole("textbox", { name: field("phone"), exact: true });
  const inView = await phone.evaluate((box) => box.getBoundingClientRect().right <= innerWidth);
  assert.ok(inView, "the cell is brought into view");
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("combobox", { name: field("owner_id"), exact: true }).waitFor();
  await page.keyboard.press("Shift+Tab");
  await amount.waitFor();
  await page.keyboard.press("Escape");
  await amount.waitFor({ state: "detached" });
  const read = () => api.get(`/leads/${lead.id}`);
  const saved = await eventually("the amount is saved", read, (found) => found.estimated_amount !== null);
  assert.equal(saved.company_name, "稷下学宫");
  assert.deepEqual(saved.estimated_amount.amount, "80000.00");
  assert.equal(saved.owner_id, lead.owner_id);
  await view.done();
});

test("a converted lead names what it became", async () => {
  const api = await apiAs(here.server, "manager@example.com");
  const filter = encodeURIComponent('status_category = "converted"');
  const [lead] = (await api.get(`/leads?limit=1&filter=${filter}`)).data;
  const customer = await api.get(`/customers/${lead.conversion.customer_id}`);
  const deal = await api.get(`/opportunities/${lead.conversion.opportunity_id}`);
  const view = await openRecord(`/leads/${lead.id}`, { as: "manager@example.com" });
  const { page } = view;
  const related = page.getByRole("complementary", { name: t("records:relatedTab") });
  await related.getByRole("link", { name: new RegExp(customer.name) }).first().waitFor();
  await related.getByRole("link", { name: new RegExp(deal.name) }).first().click();
  await page.getByRole("heading", { level: 1, name: deal.name }).waitFor();
  await view.done();
});

describe("the form is in order", { concurrency: true }, () => {
  for (const look of Object.keys(LOOKS)) {
    test(`of every type: ${look}`, async (context) => {
      const api = await apiAs(here.server, "manager@example.com");
      const say = words(LOOKS[look].language);
      for (const [type, filter] of Object.entries({
        leads: 'status_category = "working"',
        customers: 'lifecycle = "active"',
        contacts: "customer_id IS NOT NULL",
        opportunities: 'category = "lost"',
      })) {
        await context.test(type, async () => {
          const { data } = await api.get(`/${type}?limit=1&filter=${encodeURIComponent(filter)}`);
          const view = await openRecord(`/${type}/${data[0].id}`, { look, as: "manager@example.com" });
          const { page } = view;
          await page.getByRole("button", { name: say("records:edit.button") }).first().click();
          await formOf(page, data[0].name, say).waitFor();
          await page.waitForLoadState("networkidle");
          await checkWords(page, `the form of ${type}`);
          await takePicture(view, `edit-${type}`);
          await checkAccessibility(page, `the form of ${type}, ${look}`);
          await view.done();
        });
      }
    });
  }
});
