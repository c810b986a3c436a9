import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { localDay as dayIn } from "../lib/clock.mjs";
import { lookAt } from "../lib/look.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { stage } from "../lib/stage.mjs";
import { dialog, drag, eventually, fillCall } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const AS = "sales@example.com";
const SAID = "约了周五演示，对方关心价格";
const LEADS = {
  "zh-light": { given_name: "云舟", phone: "13900139000", company_name: "巴彦淖尔驼铃食品有限公司" },
  "en-dark": { given_name: "云帆", phone: "13900139001", company_name: "Khorgas Lantern Trading" },
  phone: { given_name: "云梯", phone: "13900139002", company_name: "满洲里冰帆机械有限公司" },
};

const button = (place, name) => place.getByRole("button", { name, exact: true });

/** A call is written down in the box of the lead, with the next step today. */
async function writeCall(view, t) {
  const { page } = view;
  const { composer, box } = await fillCall(view, t, SAID);
  await composer.getByRole("combobox", { name: t("activities:outcome") }).click();
  await page.getByRole("option", { name: t("activities:outcomes.interested"), exact: true }).click();
  await composer.getByRole("button", { name: t("activities:followUp") }).click();
  await page.locator("[data-today=true] button").first().click();
  await lookAt(view, "composer");
  await box.press("Control+Enter");
  await page.getByRole("region", { name: t("records:timeline") }).getByText(SAID).first().waitFor();
}

/** Where the day's tasks are: by two keys, on a phone by the bar below. */
async function goToMyDay({ page, look }, t) {
  const name = t("activities:myDay");
  if (look === "phone") await page.getByRole("link", { name, exact: true }).click();
  else {
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
  }
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}

async function converted(api, id) {
  const { version } = await api.get(`/leads/${id}`);
  const parts = Object.fromEntries(["customer", "contact", "opportunity"].map((kind) => [kind, { mode: "create" }]));
  const headers = { "if-match": `"${version}"` };
  const { status, body } = await api.send("POST", `/leads/${id}/conversion`, parts, headers);
  assert.equal(status, 201, JSON.stringify(body));
  return body.opportunity;
}

describe("from the first call to the deal", () => {
  for (const [look, { language }] of Object.entries(LOOKS)) {
    const t = words(language);

    test(`a lead is called, what follows is done and undone, the deal remembers: ${look}`, async () => {
      const api = await apiAs(here.server, AS);
      const lead = await api.post("/leads", { family_name: "赫连", ...LEADS[look] });
      assert.equal(lead.status_category, "new");
      const view = await openPage(here.browser, here.server, { look, as: AS, path: `/leads/${lead.id}` });
      const { page } = view;
      await page.getByRole("heading", { level: 1, name: lead.name }).waitFor();

      // The call moves the lead on, and the next step is planned with it.
      await writeCall(view, t);
      const called = await eventually("the lead is being worked on", () => api.get(`/leads/${lead.id}`), ({ status_category }) => status_category === "working");
      assert.ok(called.first_responded_at, "the first answer was stamped");
      assert.ok(called.last_activity_at && called.next_activity_at);
      await page.getByRole("region", { name: t("activities:planned") }).getByRole("checkbox").waitFor();
      await lookAt(view, "timeline");

      // It stands in the day, is done, and is taken back.
      await goToMyDay(view, t);
      const row = page.getByRole("listitem").filter({ hasText: lead.name }).filter({ has: page.getByRole("checkbox") });
      await row.getByRole("checkbox").first().waitFor();
      await lookAt(view, "tasks");
      const tasks = () => api.get(`/activities?filter=${encodeURIComponent(`lead_id = "${lead.id}" AND kind = "task"`)}`);
      await row.filter({ hasText: lead.name }).first().getByRole("checkbox").click();
      await eventually("done", tasks, ({ data }) => data[0]?.status === "done");
      await button(page, t("records:undo")).first().click();
      await eventually("open again", tasks, ({ data }) => data[0]?.status === "open");
      await row.getByRole("checkbox").first().waitFor();

      // The deal that comes of the lead tells of the call.
      const deal = await converted(api, lead.id);
      await page.goto(`/opportunities/${deal.id}`);
      const timeline = page.getByRole("region", { name: t("records:timeline") });
      await timeline.getByText(SAID).first().waitFor();
      await timeline.getByText(t("activities:fromLead", { name: lead.name })).first().waitFor();
      await button(timeline, t("activities:only.changes")).click();
      await timeline.getByText(SAID).first().waitFor({ state: "detached" });
      await timeline.getByRole("listitem").first().waitFor();
      await lookAt(view, "timeline-of-deal");
      await view.done();
    });
  }
});

test("a task is written down from anywhere, about a record that is searched for", async () => {
  const t = words("zh-CN");
  const api = await apiAs(here.server, AS);
  const company_name = "额济纳胡杨旅行社";
  const lead = await api.post("/leads", { family_name: "尉迟", given_name: "青", company_name });
  const view = await openPage(here.browser, here.server, { look: "phone", as: AS, path: "/customers" });
  const { page } = view;
  await button(page.getByRole("navigation", { name: t("shell:navigation") }), t("records:new")).click();
  await button(dialog(page, t("shell:createWhat")), t("activities:quick.task")).click();
  const form = dialog(page, t("activities:quick.task"));
  await form.getByRole("combobox", { name: t("activities:aboutWhich") }).fill("尉迟青");
  await page.getByRole("option", { name: /尉迟青/ }).first().click();
  await form.getByRole("textbox", { name: t("activities:what.task") }).fill("寄样品");
  await lookAt(view, "quick-task");
  await button(form, t("activities:plan")).click();
  await form.waitFor({ state: "detached" });
  const filter = encodeURIComponent(`lead_id = "${lead.id}"`);
  const { data } = await api.get(`/activities?filter=${filter}`);
  assert.deepEqual(data.map(({ name, status }) => [name, status]), [["寄样品", "open"]]);
  await view.done();
});

/** The date of a moment in the zone of the sample users. */
const localDay = (moment) => dayIn(moment, "Asia/Shanghai");
const dayFromToday = (days) => localDay(Date.now() + days * 86_400_000);

/** The address of the activities about a lead, by when they are due. */
const ofLead = ({ id }) => `/activities?sort=due_at&filter=${encodeURIComponent(`lead_id = "${id}"`)}`;

test("the calendar shows what is planned; the mouse and the keyboard take it to another day", async () => {
  const t = words("zh-CN");
  const api = await apiAs(here.server, AS);
  const lead = await api.post("/leads", { family_name: "端木", given_name: "川", company_name: "敦煌月牙文旅" });
  // A day in the middle of the month is on the page whatever today is, with days of the same week beside it.
  const month = dayFromToday(0).slice(0, 7);
  const [from, to] = [`${month}-12`, `${month}-19`];
  const name = "给敦煌月牙寄合同";
  const about = [{ type: "lead", id: lead.id }];
  await api.post("/activities", { kind: "task", name, about, due_at: `${from}T00:30:00+08:00` });
  const view = await openPage(here.browser, here.server, { as: AS, path: `/calendar?view=month&date=${from}` });
  const { page } = view;
  const day = (date) => page.locator(`[role=gridcell][data-slots="${date}"]`);
  await page.getByRole("heading", { level: 1, name: t("activities:calendar"), exact: true }).waitFor();
  await day(from).getByRole("link", { name: new RegExp(name) }).waitFor();
  await lookAt(view, "calendar");

  // By the mouse to the week after, at the same time, and back by the toast.
  await drag(page, day(from).locator("li", { hasText: name }), day(to));
  await day(to).getByRole("link", { name: new RegExp(name) }).waitFor();
  const due = () => api.get(ofLead(lead));
  const dragged = await eventually("dragged", due, ({ data }) => localDay(data[0].due_at) === to);
  assert.equal(new Date(dragged.data[0].due_at).toISOString().slice(11, 16), "16:30");
  await button(page, t("records:undo")).first().click();
  await eventually("back", due, ({ data }) => localDay(data[0].due_at) === from);
  await day(from).getByRole("link", { name: new RegExp(name) }).waitFor();

  // By the keyboard: its menu moves it, and the arrows, Enter and W go through the calendar.
  await button(page, t("activities:moreOf", { name })).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: t("activities:tomorrow"), exact: true }).press("Enter");
  await eventually("tomorrow", due, ({ data }) => localDay(data[0].due_at) === dayFromToday(1));
  await page.goto(`/calendar?view=month&date=${dayFromToday(0)}`);
  await day(dayFromToday(0)).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(new RegExp(`date=${dayFromToday(1)}`));
  await page.keyboard.press("Enter");
  await page.waitForURL(/view=day/);
  await page.locator(`ul[data-slots="${dayFromToday(1)}"]`).getByRole("link", { name: new RegExp(name) }).waitFor();
  await page.keyboard.press("w");
  await page.waitForURL(/view=week/);
  await page.locator(`ul[data-slots="${dayFromToday(1)}"]`).getByRole("link", { name: new RegExp(name) }).waitFor();
  await view.done();
});

test("a weekly task that is done makes the next one, and opened again takes it away", async () => {
  const t = words("en");
  const api = await apiAs(here.server, AS);
  const lead = await api.post("/leads", { family_name: "Naranbaatar", given_name: "Oyun", company_name: "Altai Wool" });
  const view = await openPage(here.browser, here.server, { look: "en-dark", as: AS, path: `/leads/${lead.id}` });
  const { page } = view;
  const composer = page.getByRole("region", { name: t("activities:composer") });
  await composer.waitFor();
  await page.keyboard.press("t");
  await composer.getByRole("textbox", { name: t("activities:kinds.task"), exact: true }).fill("Ask for the stock list");
  await composer.getByRole("button", { name: new RegExp(`^${t("activities:due")}`) }).click();
  await page.locator("[data-today=true] button").first().click();
  await composer.getByRole("combobox", { name: t("activities:repeat"), exact: true }).click();
  await page.getByRole("option", { name: t("activities:every.week"), exact: true }).click();
  await lookAt(view, "composer-repeat");
  await composer.getByRole("button", { name: new RegExp(`^${t("activities:plan")}`) }).click();
  const planned = page.getByRole("region", { name: t("activities:planned") });
  await planned.getByText(t("activities:every.week"), { exact: true }).waitFor();

  await planned.getByRole("checkbox").click();
  const tasks = () => api.get(ofLead(lead));
  const { data } = await eventually("the next one", tasks, (found) => found.data.length === 2);
  assert.deepEqual(data.map(({ status }) => status), ["done", "open"]);
  assert.equal(Date.parse(data[1].due_at) - Date.parse(data[0].due_at), 7 * 86_400_000);
  assert.equal(data[0].next_id, data[1].id);
  await button(page, t("records:undo")).first().click();
  await eventually("only the first", tasks, (found) => found.data.length === 1 && found.data[0].status === "open");
  await view.done();
});

test("the link of the calendar is shown once, works without a sign-in, and ends", async () => {
  const t = words("zh-CN");
  const view = await openPage(here.browser, here.server, { as: AS, path: "/settings/profile" });
  const { page } = view;
  await button(page, t("settings:feed.create")).click();
  const link = dialog(page, t("settings:feed.link"));
  const url = await link.locator("code").innerText();
  assert.match(url, /^https?:\/\/.+\/calendar\/[^/]+\.ics$/);
  await lookAt(view, "calendar-link");
  await button(link, t("settings:kept")).click();
  await link.waitFor({ state: "detached" });
  await page.reload();
  await button(page, t("settings:feed.replace")).waitFor();
  assert.equal((await page.content()).includes(url), false, "the link is not shown again");
  const read = () => fetch(here.server.url + new URL(url).pathname);
  const feed = await read();
  assert.equal(feed.status, 200);
  assert.match(await feed.text(), /^BEGIN:VCALENDAR/);
  await button(page, t("settings:feed.end")).click();
  const question = page.getByRole("alertdialog", { name: t("settings:feed.ask.end") });
  await button(question, t("settings:feed.end")).click();
  await button(page, t("settings:feed.create")).waitFor();
  assert.equal((await read()).status, 404);
  await view.done();
});
