import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { bell as bellOf, inbox, undisturbed } from "../lib/inbox.mjs";
import { lookAt } from "../lib/look.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { stage } from "../lib/stage.mjs";
import { eventually } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

/** Nothing comes to its time while the tests run, so that nobody need answer there. */
const here = stage({ mail: "smtp://127.0.0.1:9" });
const t = words("zh-CN");
const [SALES, MANAGER, ADMIN, NORTH] = ["sales", "manager", "admin", "sales2"].map((word) => `${word}@example.com`);
const NAMES = { sales: "李晓晨", manager: "周明远", admin: "陈静", north: "Emma Clarke" };
/** Without a stream of events the page asks every half minute. */
const SOON = { timeout: 45_000 };
/** What is due is looked for at intervals. */
const DUE_MS = 90_000;

const button = (place, name) => place.getByRole("button", { name, exact: true });
const bell = (page, count) => bellOf(page, t, count);
const layer = (page) => page.getByRole("dialog", { name: t("shell:bell.title"), exact: true });
const line = (place, text) => place.getByRole("listitem").filter({ hasText: text });

/** Writes a note at a lead and chooses the first who is offered for what is typed of a name. */
async function mention(page, text, typed, name) {
  const composer = page.getByRole("region", { name: t("activities:composer") });
  await composer.waitFor();
  await page.keyboard.press("n");
  const box = composer.getByRole("textbox", { name: t("activities:kinds.note"), exact: true });
  await box.pressSequentially(`${text} @${typed}`);
  const people = page.getByRole("listbox", { name: t("activities:people") });
  await people.getByRole("option", { name, exact: true, selected: true }).waitFor();
  return { box, people };
}

test("who is mentioned sees it without reloading, puts it off, and comes to where it was written", async () => {
  const [sales, manager] = await Promise.all([apiAs(here.server, SALES), apiAs(here.server, MANAGER)]);
  await undisturbed(manager);
  const lead = await sales.post("/leads", { family_name: "欧阳", given_name: "晴", company_name: "舟山蓝帆渔具" });
  const theirs = await openPage(here.browser, here.server, { as: MANAGER, path: "/customers" });
  await bell(theirs.page, 0).waitFor();

  const mine = await openPage(here.browser, here.server, { as: SALES, path: `/leads/${lead.id}` });
  const { box, people } = await mention(mine.page, "价格要您批一下", "周", NAMES.manager);
  await lookAt(mine, "mention");
  await box.press("Enter");
  await people.waitFor({ state: "detached" });
  assert.equal(await box.inputValue(), `价格要您批一下 @${NAMES.manager} `);
  await box.press("Control+Enter");
  const timeline = mine.page.getByRole("region", { name: t("records:timeline") });
  await timeline.getByText(`@${NAMES.manager}`, { exact: true }).waitFor();
  await mine.done();

  // It comes by itself, and says so in passing.
  const { page } = theirs;
  const said = t("notifications:mentionedBy", { name: NAMES.sales });
  await bell(page, 1).waitFor(SOON);
  await page.getByText(said).first().waitFor();

  // By the keyboard alone: open, put off until tomorrow, look at what was put off, bring it back.
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  const row = line(layer(page), said);
  await row.getByRole("img", { name: t("notifications:unread") }).waitFor();
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-main"));
  await lookAt(theirs, "inbox-mentioned");
  await page.keyboard.press("s");
  await page.getByRole("menuitem", { name: t("notifications:snoozeFor.tomorrow") }).press("Enter");
  await bell(page, 0).waitFor();
  await row.waitFor({ state: "detached" });
  const [late] = await eventually("put off", () => inbox(manager, "snoozed"), (all) => all.length > 0);
  const at = new Date(late.snoozed_until).toLocaleTimeString("sv-SE", { timeZone: "Asia/Shanghai" });
  assert.equal(at, "09:00:00");
  await button(layer(page), t("notifications:view.snoozed")).press("Enter");
  await row.waitFor();
  await lookAt(theirs, "inbox-snoozed");
  await button(row, t("notifications:wake")).press("Enter");
  await row.waitFor({ state: "detached" });
  await bell(page, 1).waitFor();

  // It leads to the lead, where the name stands out, and counts as read.
  await button(layer(page), t("notifications:view.inbox")).press("Enter");
  await row.getByRole("link").press("Enter");
  await page.waitForURL(new RegExp(`/leads/${lead.id}$`));
  await page.getByText(`@${NAMES.manager}`, { exact: true }).waitFor();
  await bell(page, 0).waitFor();
  const [read] = await eventually("read", () => inbox(manager), ([first]) => first?.read_at !== null);
  assert.equal(read.record.id, lead.id);
  await theirs.done();
});

test("who may not see the lead cannot be mentioned, and the text is kept", async () => {
  const [sales, north] = await Promise.all([apiAs(here.server, SALES), apiAs(here.server, NORTH)]);
  const before = (await inbox(north)).length;
  const lead = await sales.post("/leads", { family_name: "司徒", given_name: "远", company_name: "衢州橘乡果业" });
  const view = await openPage(here.browser, here.server, { as: SALES, path: `/leads/${lead.id}` });
  const { box } = await mention(view.page, "看看", "Emma", NAMES.north);
  await box.press("Tab");
  view.expectStatus(422);
  await box.press("Control+Enter");
  await view.page.getByRole("alert").filter({ hasText: NAMES.north }).waitFor();
  assert.equal(await box.inputValue(), `看看 @${NAMES.north} `);
  assert.equal((await inbox(north)).length, before);
  await view.done();
});

describe("what was given and what is due", () => {
  for (const [look, { language }] of Object.entries(LOOKS)) {
    const say = words(language);

    test(`a lead that was handed over and a task that is due ring the bell: ${look}`, async () => {
      const [sales, admin] = await Promise.all([apiAs(here.server, SALES), apiAs(here.server, ADMIN)]);
      await undisturbed(sales);
      const company_name = `宁波甬江轴承 ${look}`;
      const lead = await admin.post("/leads", { family_name: "钟离", given_name: "果", company_name });
      const me = await sales.get("/me");
      await admin.post(`/leads/${lead.id}/transfer`, { owner_id: me.id });
      const name = `回访 ${look}`;
      const due_at = new Date(Date.now() + 1_500).toISOString();
      await sales.post("/activities", { kind: "task", name, due_at, about: [{ type: "lead", id: lead.id }] });
      const unread = async () => (await sales.get("/me/notifications/count")).unread;
      assert.equal(await eventually("both rang", unread, (count) => count >= 2, DUE_MS), 2);

      const view = await openPage(here.browser, here.server, { look, as: SALES, path: "/tasks" });
      const { page } = view;
      await bellOf(page, say, 2).click();
      const open = page.getByRole("dialog", { name: say("shell:bell.title"), exact: true });
      const what = say("notifications:one.lead");
      const given = line(open, say("notifications:assignedBy", { name: NAMES.admin, what })).first();
      await given.waitFor();
      await line(open, name).getByText(say("notifications:taskDue"), { exact: true }).waitFor();
      await lookAt(view, "inbox");
      await button(open, say("notifications:readAll")).click();
      await open.getByRole("img", { name: say("notifications:unread") }).first().waitFor({ state: "detached" });
      await eventually("all read", unread, (count) => count === 0);
      await given.getByRole("link").click();
      await page.getByRole("heading", { level: 1, name: lead.name }).waitFor();
      await view.done();
    });
  }
});

test("in quiet hours the bell counts and nothing pops up", async () => {
  const [sales, admin] = await Promise.all([apiAs(here.server, SALES), apiAs(here.server, ADMIN)]);
  await undisturbed(sales);
  const view = await openPage(here.browser, here.server, { as: SALES, path: "/settings/notifications" });
  const { page } = view;
  await page.getByRole("checkbox", { name: t("settings:alerts.quietOn") }).click();
  await page.getByLabel(t("settings:alerts.start"), { exact: true }).fill("00:00");
  await page.getByLabel(t("settings:alerts.end"), { exact: true }).fill("23:59");
  await lookAt(view, "notification-settings");
  await button(page, t("settings:save")).click();
  await page.getByText(t("settings:saved")).first().waitFor();
  const { quiet_hours } = await sales.get("/me/notification-settings");
  assert.deepEqual(quiet_hours, { start: "00:00", end: "23:59" });
  await page.reload();
  await bell(page, 0).waitFor();
  const lead = await admin.post("/leads", { family_name: "濮阳", given_name: "安", company_name: "台州湾船舶" });
  await admin.post(`/leads/${lead.id}/transfer`, { owner_id: (await sales.get("/me")).id });
  await bell(page, 1).waitFor(SOON);
  await page.waitForTimeout(1_000);
  assert.equal(await page.getByText(NAMES.admin).count(), 0);
  await view.done();
});

test("a digest is chosen, with its time and what stands in it", async () => {
  const north = await apiAs(here.server, NORTH);
  const view = await openPage(here.browser, here.server, { as: NORTH, path: "/settings/notifications" });
  const { page } = view;
  await page.getByRole("radio", { name: t("settings:alerts.often.daily"), exact: true }).click();
  await page.getByLabel(t("settings:alerts.digestAt"), { exact: true }).fill("07:30");
  const which = page.getByRole("group", { name: t("settings:alerts.digestKinds") });
  await which.getByRole("checkbox", { name: t("settings:alerts.kind.assigned") }).click();
  await lookAt(view, "notification-digest");
  await button(page, t("settings:save")).click();
  await page.getByText(t("settings:saved")).first().waitFor();
  const { digest, digest_at, kinds } = await north.get("/me/notification-settings");
  assert.deepEqual({ digest, digest_at, assigned: kinds.assigned }, { digest: "daily", digest_at: "07:30", assigned: { inbox: true, digest: false } });
  await view.done();
});

test("a task says when it reminds, also one that is changed", async () => {
  const sales = await apiAs(here.server, SALES);
  const lead = await sales.post("/leads", { family_name: "宇文", given_name: "川", company_name: "嘉兴南湖丝绸" });
  const view = await openPage(here.browser, here.server, { as: SALES, path: `/leads/${lead.id}` });
  const { page } = view;
  const composer = page.getByRole("region", { name: t("activities:composer") });
  await composer.waitFor();
  await page.keyboard.press("t");
  await composer.getByRole("textbox", { name: t("activities:kinds.task"), exact: true }).fill("寄面料样本");
  await composer.getByRole("button", { name: new RegExp(`^${t("activities:due")}`) }).click();
  await page.locator("[data-today=true] button").first().click();
  const before = (length) => t("activities:remind.before", { length });
  await composer.getByRole("combobox", { name: t("activities:remind.label") }).click();
  await page.getByRole("option", { name: before("1小时"), exact: true }).click();
  await lookAt(view, "composer-reminder");
  await composer.getByRole("button", { name: new RegExp(`^${t("activities:plan")}`) }).click();
  const filter = encodeURIComponent(`lead_id = "${lead.id}"`);
  const tasks = async () => (await sales.get(`/activities?filter=${filter}`)).data;
  const ahead = ({ due_at, reminder_at }) => Date.parse(due_at) - Date.parse(reminder_at);
  const [task] = await eventually("planned", tasks, (all) => all.length === 1);
  assert.equal(ahead(task), 3_600_000);

  // Put off until tomorrow, the reminder moves along; then it is set to the day before.
  const menu = button(page, t("activities:moreOf", { name: "寄面料样本" }));
  await menu.click();
  await page.getByRole("menuitem", { name: t("activities:tomorrow"), exact: true }).click();
  const [moved] = await eventually("moved", tasks, ([one]) => one.due_at !== task.due_at);
  assert.equal(ahead(moved), 3_600_000);
  await menu.click();
  await page.getByRole("menuitem", { name: t("activities:edit"), exact: true }).click();
  const form = page.getByRole("dialog", { name: t("common:editNamed", { name: t("activities:kinds.task") }) });
  await form.getByRole("combobox", { name: t("activities:remind.label") }).click();
  await page.getByRole("option", { name: before("1天"), exact: true }).click();
  await button(form, t("records:edit.save")).click();
  await eventually("a day before", tasks, ([one]) => ahead(one) === 86_400_000);
  await view.done();
});
