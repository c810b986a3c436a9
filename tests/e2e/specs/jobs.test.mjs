import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { dialog, eventually } from "../lib/steps.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const en = words("en");
const AS = "manager@example.com";
const PHONE = LOOKS.phone.context.viewport;
const TRADES = ["奶业", "毛毯厂", "石料", "旅行社", "葡萄园", "五金", "牙科", "印刷", "水务", "花店", "乐器行", "渔具"];
const FAMILIES = ["拓跋", "慕容", "尉迟", "长孙", "宇文", "司徒", "上官", "欧阳", "诸葛", "东方", "夏侯", "皇甫"];
const button = (place, name) => place.getByRole("button", { name, exact: true });
const rows = (page) => page.getByRole("grid").getByRole("row").filter({ has: page.getByRole("link") });
const item = (page, name) => page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
const isOver = ({ status }) => status !== "queued" && status !== "running";

/** Twelve leads of one place: the first has been converted, and the company of the second is a customer already. */
async function makeLeads(api, word) {
  const made = [];
  for (const [n, trade] of TRADES.entries()) {
    made.push(await api.post("/leads", { family_name: FAMILIES[n], given_name: word, company_name: `${word}${trade}` }));
  }
  const parts = { customer: { mode: "create" }, contact: { mode: "none" }, opportunity: { mode: "none" } };
  await api.post(`/leads/${made[0].id}/conversion`, parts);
  await api.post("/customers", { name: `${word}${TRADES[1]}` });
  return made;
}

async function chooseAll(page, text) {
  await page.getByRole("checkbox", { name: text("common:selectAllLoaded") }).check();
  const bar = page.getByRole("region", { name: text("bulk:label") });
  await button(bar, text("bulk:convert")).waitFor();
  return bar;
}

/** The number of the job whose page is open. */
async function jobOf(page) {
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname.split("/").at(-1);
}

test("twelve leads are converted from their list with the keyboard, watched, and the rest by hand", async () => {
  const api = await apiAs(here.server, AS);
  const word = "桑科";
  await makeLeads(api, word);
  const view = await openPage(here.browser, here.server, { as: AS, path: `/leads?q=${encodeURIComponent(word)}` });
  const { page } = view;
  await rows(page).nth(11).waitFor();
  const bar = await chooseAll(page, t);
  await button(bar, t("bulk:convert")).press("Enter");
  const form = dialog(page, t("jobs:convert_other", { text: 11 }));
  await form.getByText(t("jobs:willLeave_other", { count: 1 })).waitFor();
  await takePicture(view, "convert-many");
  await checkAccessibility(page, "converting many");
  // The second would be linked; one who wants new customers is told that it seems to be there.
  const customer = form.getByRole("group", { name: t("records:one.customers") });
  await button(customer, t("jobs:mode.link_best")).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await customer.getByRole("button", { name: t("jobs:mode.create"), pressed: true }).waitFor();
  await button(form, t("jobs:moreChoices")).press("Enter");
  await form.getByText(t("jobs:duplicatesHint")).waitFor();
  await takePicture(view, "convert-many-more");
  await checkAccessibility(page, "converting many, more choices");
  await checkWords(page, "converting many");
  await button(form, t("conversion:convert")).press("Enter");

  const id = await jobOf(page);
  await page.getByRole("status").getByText(t("jobs:status.partially_succeeded")).waitFor();
  const job = await api.get(`/jobs/${id}`);
  assert.deepEqual(job.counts, { succeeded: 10, failed: 1, skipped: 0 });
  await page.getByText(t("jobs:of", { done: 11, total: 11 })).waitFor();
  const failed = item(page, `${FAMILIES[1]}${word}`);
  await failed.getByRole("link", { name: `${word}${TRADES[1]}` }).waitFor();
  const done = item(page, `${FAMILIES[5]}${word}`);
  await done.getByText(t("records:one.opportunities")).waitFor();
  await takePicture(view, "job");
  await checkAccessibility(page, "a job that has ended");
  await checkWords(page, "a job that has ended");

  const filters = page.getByRole("navigation", { name: t("jobs:filter") });
  await filters.getByRole("button", { name: t("jobs:state.failed") }).press("Enter");
  await done.waitFor({ state: "detached" });
  const wide = page.viewportSize();
  await page.setViewportSize(PHONE);
  await takePicture({ page, look: "phone" }, "job-failed");
  await checkAccessibility(page, "what a job could not do, on a phone");
  await page.setViewportSize(wide);
  await button(failed, t("jobs:byHandNamed", { name: `${FAMILIES[1]}${word}` })).press("Enter");
  const one = page.getByRole("dialog", { name: new RegExp(FAMILIES[1]) });
  await one.getByText(`${word}${TRADES[1]}`).first().waitFor();
  await checkAccessibility(page, "converting by hand what a job could not");
  const convert = button(one, t("conversion:convert"));
  await eventually("it can be converted", () => convert.isEnabled(), Boolean);
  await convert.press("Enter");
  await dialog(page, t("conversion:doneTitle")).waitFor();
  await page.keyboard.press("Escape");

  await filters.getByRole("button", { name: t("jobs:state.succeeded") }).click();
  await done.getByRole("link", { name: `${word}${TRADES[5]}` }).first().click();
  await page.waitForURL(/\/customers\//);
  await page.getByRole("heading", { name: `${word}${TRADES[5]}` }).waitFor();
  await view.done();
});

test("on a phone in English: choose, convert, and find the end among the notifications", async () => {
  const api = await apiAs(here.server, AS);
  const word = "阿柔大寺";
  await makeLeads(api, word);
  const path = `/leads?q=${encodeURIComponent(word)}`;
  const view = await openPage(here.browser, here.server, { as: AS, look: "en-dark", path });
  const { page } = view;
  await rows(page).nth(11).waitFor();
  await page.setViewportSize(PHONE);
  await button(page, en("records:bulk.start")).click();
  const bar = page.getByRole("region", { name: en("bulk:label") });
  await bar.getByRole("button", { name: en("bulk:selectEverything_other", { text: 12 }) }).click();
  await button(bar, en("bulk:convert")).click();
  const form = dialog(page, en("jobs:convert_other", { text: 11 }));
  await button(form, en("jobs:moreChoices")).click();
  await takePicture({ page, look: "en-phone" }, "convert-many");
  await checkAccessibility(page, "converting many on a phone");
  await button(form, en("conversion:convert")).click();

  const id = await jobOf(page);
  const ended = await eventually("the job has ended", () => api.get(`/jobs/${id}`), isOver);
  assert.equal(ended.counts.succeeded, 11, "the customer that was there is linked");
  await page.getByRole("status").getByText(en("jobs:status.succeeded")).waitFor();
  await item(page, `${FAMILIES[1]}${word}`).getByRole("link", { name: `${word}${TRADES[1]}` }).first().waitFor();
  await takePicture({ page, look: "en-phone" }, "job");
  await checkAccessibility(page, "a job on a phone");
  await checkWords(page, "a job on a phone");

  await page.getByRole("navigation", { name: en("common:breadcrumb") }).getByRole("link").click();
  await page.waitForURL(/\/jobs$/);
  const list = page.getByRole("list", { name: en("jobs:title") });
  await list.getByText(en("jobs:of", { done: 11, total: 11 })).first().waitFor();
  await takePicture({ page, look: "en-phone" }, "jobs");
  await checkAccessibility(page, "the jobs on a phone");
  await page.getByRole("button", { name: new RegExp(`^${en("shell:bell.title")}`) }).first().click();
  const told = page.getByRole("link", { name: en("notifications:converted.succeeded_other", { count: 11 }) });
  await told.first().waitFor();
  await checkAccessibility(page, "notifications of jobs");
  await told.first().click();
  await page.waitForURL(new RegExp(`/jobs/${id}$`));
  await view.done();
});

test("a long one is cancelled half-way: what is done stays done, everybody sees where it stopped", async () => {
  const api = await apiAs(here.server, AS);
  const word = "乌拉盖";
  const MANY = 600;
  for (let start = 0; start < MANY; start += 200) {
    const operations = Array.from({ length: 200 }, (_, n) => ({
      action: "create",
      data: { family_name: "白", given_name: `${start + n}`, company_name: `${word}第${start + n}号营地` },
    }));
    await api.post("/leads/batch", { operations });
  }
  const view = await openPage(here.browser, here.server, { as: AS, path: `/leads?q=${encodeURIComponent(word)}` });
  const { page } = view;
  await rows(page).nth(5).waitFor();
  const bar = await chooseAll(page, t);
  await button(bar, t("bulk:selectEverything_other", { text: MANY })).click();
  await button(bar, t("bulk:convert")).click();
  const form = dialog(page, t("jobs:convert_other", { text: MANY }));
  await button(form, t("conversion:convert")).click();
  const id = await jobOf(page);
  const progress = page.getByRole("progressbar");
  await page.waitForFunction(() => Number(document.querySelector("[role=progressbar]")?.ariaValueNow) > 0);
  await takePicture(view, "job-running");
  await button(page, t("jobs:cancel")).click();
  const question = page.getByRole("alertdialog");
  await checkAccessibility(page, "the question before a job is cancelled");
  await button(question, t("jobs:cancel")).click();
  await page.getByRole("status").getByText(t("jobs:status.cancelled")).waitFor();
  await button(page, t("jobs:cancel")).waitFor({ state: "detached" });

  const job = await api.get(`/jobs/${id}`);
  assert.ok(job.progress.done > 0 && job.progress.done < MANY, `${job.progress.done} were done`);
  await eventually("the page says how many", () => progress.getAttribute("aria-valuenow"), (now) => Number(now) === job.progress.done);
  const filter = encodeURIComponent('status_category = "converted"');
  const { meta } = await api.get(`/leads?q=${encodeURIComponent(word)}&filter=${filter}&count=exact&limit=1`);
  assert.equal(meta.total, job.counts.succeeded);
  await checkAccessibility(page, "a job that was cancelled");
  await view.done();

  const admin = await openPage(here.browser, here.server, { as: "admin@example.com", look: "en-dark", path: "/" });
  await admin.page.getByRole("heading", { level: 1 }).first().waitFor();
  await admin.page.keyboard.press("Control+k");
  await admin.page.getByRole("combobox", { name: en("shell:searchOrCommand") }).fill(`>${en("shell:jobs")}`);
  await admin.page.keyboard.press("Enter");
  await admin.page.waitForURL(/\/jobs$/);
  await button(admin.page, en("jobs:whoseJobs.all")).click();
  const list = admin.page.getByRole("list", { name: en("jobs:title") });
  const line = list.getByRole("listitem").filter({ hasText: en("jobs:convert_other", { text: MANY }) });
  await line.getByText(en("jobs:status.cancelled")).waitFor();
  await takePicture(admin, "jobs");
  await checkAccessibility(admin.page, "everybody's jobs");
  await line.getByRole("link").click();
  await admin.page.getByRole("heading", { level: 1, name: en("jobs:convert_other", { text: MANY }) }).waitFor();
  await admin.page.getByText(en("jobs:of", { done: job.progress.done, total: MANY })).waitFor();
  await takePicture(admin, "job-cancelled");
  await checkAccessibility(admin.page, "a job of somebody else, dark");
  await admin.done();
});
