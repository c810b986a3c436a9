import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { daysLater, localDay, momentOf } from "../lib/clock.mjs";
import { bell, inbox, readAll } from "../lib/inbox.mjs";
import { DEMO_PASSWORD, PASSWORD } from "../lib/server.mjs";
import { stage } from "../lib/stage.mjs";
import { claimAtOnce, dialog, eventually, fillCall } from "../lib/steps.mjs";
import { foundWest, GRACE_DAYS, LONDON, POOL_DAYS, REGION, RESPONSE_HOURS, RULE, SHANGHAI, WARN_DAYS } from "../lib/west.mjs";
import { checkWords, words } from "../lib/words.mjs";

/*
 * One story on one server, whose clock is moved on from limit to limit. Of whatever comes to its time there are two, half
 * an hour apart: between them the first has been told of and the second has not.
 */
const here = stage({ clock: true });
const [zh, en] = [words("zh-CN"), words("en")];
const [MINUTE, DAY] = [60_000, 86_400_000];
const APART = 30 * MINUTE;
/** The clock is looked at every quarter of a minute, customers that are due every half; a busy machine takes longer. */
const LOOKED_MS = 75_000;
/** What happens is shown by itself. */
const SHOWN = { timeout: 45_000 };
const CALLED = "约了下周看样机";

const button = (place, name) => place.getByRole("button", { name, exact: true });
const header = (page) => page.locator("header");
const line = (place, text) => place.getByRole("listitem").filter({ hasText: text });
const clock = () => here.server.clock;
const afterwards = (moment) => Date.parse(moment) + MINUTE;

let west;
let monday;
const story = {};
let isBroken = false;

/** A part of the story, which says nothing when one before it has failed. */
function act(name, play) {
  test(name, async () => {
    assert.ok(!isBroken, "the story has broken off");
    isBroken = true;
    await play();
    isBroken = false;
  });
}

const passwordOf = (person) => (person === west.admin ? DEMO_PASSWORD : PASSWORD);
/** Signs in anew: what was signed in before has ended with the days that have passed. */
const as = (person) => apiAs(here.server, person.email, passwordOf(person));
const open = (person, options) =>
  openPage(here.browser, here.server, { as: person.email, password: passwordOf(person), ...options });

/** What somebody has been told of a kind, by the names of what it is about. */
async function told(api, kind) {
  const lines = (await inbox(api)).filter((one) => one.kind === kind);
  assert.ok(lines.every(({ count }) => count === 1), "each stands in a line of its own");
  return lines.map(({ activity, record }) => (activity ?? record).name).sort();
}

/** Waits until somebody has been told of things of a kind: of these, of no others, and once. */
async function hears(person, kind, names) {
  const api = await as(person);
  const what = `${person.name} hears of ${kind}`;
  const found = await eventually(what, () => told(api, kind), ({ length }) => length >= names.length, LOOKED_MS);
  assert.deepEqual(found, [...names].sort(), what);
}

/** Moves the clock on while somebody looks. */
async function goTo(moment, view) {
  clock().goTo(moment);
  await view.keepUp();
}

/** Opens the notifications and answers with the line that has a text. */
async function openBell({ page }, t, count, text) {
  await bell(page, t, count).click();
  const list = page.getByRole("dialog", { name: t("shell:bell.title"), exact: true });
  const found = line(list, text).first();
  await found.waitFor();
  return found;
}

/** What a line of the notifications says of when something is due, if it is at that time of the day. */
const dueAt = (place, t, time) => place.getByText(new RegExp(t("notifications:due", { when: `.*${time}` })));

/** Sends a lead as the website does, when it is somebody's turn. */
async function arrives(person, fields) {
  const lead = await west.send({ region: REGION, ...fields });
  const { owner } = await (await as(west.admin)).get(`/leads/${lead.id}`);
  assert.equal(owner.name, person.name, "whose turn it is");
  return lead;
}

/** Puts a lead off until a day, in the form of all its fields. */
async function nurture({ page }, t, person, lead, day) {
  await header(page).getByRole("button", { name: new RegExp(`^${t("records:edit.button")}`) }).first().click();
  const form = dialog(page, t("records:edit.title", { name: lead.name }));
  await form.getByRole("combobox", { name: t("records:field.status"), exact: true }).click();
  const { data } = await (await as(person)).get("/lead-statuses");
  const { name } = data.find(({ category }) => category === "nurturing");
  await page.getByRole("option", { name, exact: true }).click();
  await form.getByRole("button", { name: new RegExp(`^${t("records:field.revisit_on")}`) }).click();
  const calendar = dialog(page, t("records:field.revisit_on"));
  await calendar.getByRole("grid").waitFor();
  const chosen = calendar.locator(`[data-day="${day}"] button`);
  // It may be in the next month.
  if ((await chosen.count()) === 0) await calendar.locator("nav button").last().click();
  await chosen.click();
  await form.getByText(t("records:edit.changed_other", { count: 2 })).waitFor();
  await checkAccessibility(page, "putting a lead off on a phone");
  await button(form, t("records:edit.save")).click();
  await form.waitFor({ state: "detached" });
}

act("Monday at nine: leads come by the API, rules give them in turn, and whoever has one hears of it and asks why", async () => {
  const today = localDay(clock().now(), SHANGHAI);
  monday = daysLater(today, 8 - (new Date(today).getUTCDay() || 7));
  clock().goTo(momentOf(monday, "09:00", SHANGHAI));
  west = await foundWest(here.server);
  const view = await open(west.seller, { path: "/tasks" });
  const { page } = view;
  await bell(page, zh, 0).waitFor();
  assert.deepEqual(await told(await as(west.seller), "assigned"), [], "nothing has come yet");
  story.lead = await arrives(west.seller, { family_name: "木", given_name: "青岚", company_name: "大理苍山制茶厂" });
  story.londonLead = await arrives(west.londoner, { family_name: "Yang", given_name: "Lijiang", company_name: "Lijiang Looms" });

  await bell(page, zh, 1).waitFor(SHOWN);
  await hears(west.seller, "assigned", [story.lead.name]);
  await hears(west.londoner, "assigned", [story.londonLead.name]);
  const given = await openBell(view, zh, 1, story.lead.name);
  await given.getByText(zh("notifications:assignedByRule", { what: zh("notifications:one.lead") })).waitFor();
  await given.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: story.lead.name }).waitFor();
  await button(page, zh("assignment:why.me")).click();
  const why = dialog(page, zh("assignment:why.me"));
  await why.getByText(RULE).first().waitFor();
  await why.getByText(west.seller.name).first().waitFor();
  await checkAccessibility(page, "why a lead is mine");
  await page.keyboard.press("Escape");

  // It is answered by a call.
  await header(page).getByText(zh("records:response.due")).waitFor();
  const { box } = await fillCall(view, zh, CALLED);
  await box.press("Control+Enter");
  await header(page).getByText(zh("records:response.due")).waitFor({ state: "detached" });
  const answered = await (await as(west.seller)).get(`/leads/${story.lead.id}`);
  assert.equal(answered.status_category, "working");
  assert.equal(localDay(answered.first_responded_at, SHANGHAI), monday, "the server lives on that day");
  await view.done();
});

act("an answer is overdue from the hour on that the organisation has set, and not before", async () => {
  const { londonLead } = story;
  const due = Date.parse(londonLead.first_response_due_at);
  assert.equal(due - Date.parse(londonLead.created_at), RESPONSE_HOURS * 60 * MINUTE);
  clock().goTo(due - 2 * MINUTE);
  const view = await open(west.londoner, { look: "phone", language: "en", path: `/leads/${londonLead.id}` });
  const { page } = view;
  await header(page).getByText(en("records:response.due")).waitFor();
  assert.equal(await header(page).getByText(en("records:response.overdue")).count(), 0);
  await goTo(due + MINUTE, view);
  await page.reload();
  await header(page).getByText(en("records:response.overdue")).waitFor();
  await checkAccessibility(page, "a lead whose answer is overdue, on a phone");
  const { box } = await fillCall(view, en, "Wants to see a loom at work");
  await box.press("Control+Enter");
  await header(page).getByText(en("records:response.overdue")).waitFor({ state: "detached" });

  // Not now: both are put off until Thursday, each by the clock of whoever they belong to.
  const thursday = daysLater(monday, 3);
  await nurture(view, en, west.londoner, londonLead, thursday);
  await view.done();
  const other = await open(west.seller, { look: "phone", path: `/leads/${story.lead.id}` });
  await nurture(other, zh, west.seller, story.lead, thursday);
  await other.done();
});

act("Thursday at nine, wherever one is: what was put off is due, is told once, and is done", async () => {
  const thursday = daysLater(monday, 3);
  const [nine, londonNine] = [SHANGHAI, LONDON].map((zone) => momentOf(thursday, "09:00", zone));
  const [revisit, londonRevisit] = [`再次跟进${story.lead.name}`, `Come back to ${story.londonLead.name}`];
  const early = { kind: "task", name: "备好样机", about: [{ type: "lead", id: story.lead.id }] };
  await (await as(west.seller)).post("/activities", { ...early, due_at: new Date(nine - 6 * MINUTE).toISOString() });
  await readAll(await as(west.seller));
  clock().goTo(nine - 4 * MINUTE);
  const view = await open(west.seller, { look: "phone", path: "/customers" });
  const { page } = view;
  // That was due a moment ago; the other is not.
  await hears(west.seller, "task_due", [early.name]);
  await bell(page, zh, 1).waitFor(SHOWN);

  await goTo(nine + 1000, view);
  await hears(west.seller, "task_due", [early.name, revisit]);
  await bell(page, zh, 2).waitFor(SHOWN);
  assert.deepEqual(await told(await as(west.londoner), "task_due"), [], "it is night in London");
  const due = await openBell(view, zh, 2, revisit);
  await due.getByText(zh("notifications:taskDue"), { exact: true }).waitFor();
  await dueAt(due, zh, "09:00").waitFor();
  await due.getByRole("link").tap();
  await page.getByRole("heading", { level: 1, name: story.lead.name }).waitFor();
  const planned = page.getByRole("region", { name: zh("activities:planned") });
  await planned.getByRole("checkbox", { name: zh("activities:completeNamed", { name: revisit }) }).click();
  const api = await as(west.seller);
  const filter = encodeURIComponent(`lead_id = "${story.lead.id}" AND kind = "task"`);
  const tasks = async () => (await api.get(`/activities?filter=${filter}`)).data;
  await eventually("done", tasks, (all) => all.find(({ name }) => name === revisit).status === "done");
  await view.done();

  clock().goTo(londonNine + 1000);
  await hears(west.londoner, "task_due", [londonRevisit]);
  await hears(west.seller, "task_due", [early.name, revisit]);
  const other = await open(west.londoner, { look: "en-dark", path: "/tasks" });
  const late = await openBell(other, en, 2, londonRevisit);
  await dueAt(late, en, "09:00 AM").waitFor();
  await checkWords(other.page, "what was due in London");
  await other.done();
});

act("it is converted; half an hour later there is a second deal, and of two customers nobody sells to either", async () => {
  const view = await open(west.seller, { look: "en-dark", path: `/leads/${story.lead.id}` });
  const { page } = view;
  const api = await as(west.seller);
  story.first = { customer: await api.post("/customers", { name: "保山腾越咖啡庄园" }) };
  await button(page, en("conversion:convert")).click();
  const convert = dialog(page, en("conversion:title", { name: story.lead.name }));
  const deal = convert.getByRole("region", { name: en("records:one.opportunities") });
  await deal.getByRole("textbox", { name: en("records:field.name") }).fill("苍山 · 杀青机");
  await button(convert, en("conversion:convert")).click();
  const result = dialog(page, en("conversion:doneTitle"));
  await result.getByRole("link", { name: /杀青机/ }).waitFor();
  await checkAccessibility(page, "converted, dark");
  await view.done();

  const { conversion } = await api.get(`/leads/${story.lead.id}`);
  story.first.deal = await api.get(`/opportunities/${conversion.opportunity_id}`);
  clock().goTo(clock().now() + APART);
  const later = await as(west.seller);
  story.second = {
    customer: await later.post("/customers", { name: "普洱澜沧纸业有限公司" }),
    deal: await later.post("/opportunities", { name: "苍山 · 揉捻机", customer_id: conversion.customer_id }),
  };
});

act("a deal that stands still becomes stale for its owner, and a customer that will go is warned of, each at its time", async () => {
  const { first, second } = story;
  const { stale_at } = first.deal;
  const { release_at } = await (await as(west.seller)).get(`/customers/${first.customer.id}`);
  assert.ok(Date.parse(stale_at) - Date.parse(first.deal.warn_at) >= DAY, "yellow comes before red");
  const released = Date.parse(first.customer.created_at) + POOL_DAYS * DAY;
  assert.ok(Math.abs(Date.parse(release_at) - released) < MINUTE, "ten days without an opportunity");
  await readAll(await as(west.seller));
  clock().goTo(afterwards(first.deal.warn_at));
  await hears(west.seller, "opportunity_slow", [first.deal.name]);
  clock().goTo(Math.max(afterwards(stale_at), Date.parse(release_at) - WARN_DAYS * DAY + MINUTE));
  await hears(west.seller, "customer_release_soon", [first.customer.name]);
  await hears(west.seller, "opportunity_slow", [first.deal.name, second.deal.name]);
  await hears(west.seller, "opportunity_stale", [first.deal.name]);
  assert.deepEqual(await told(await as(west.manager), "opportunity_escalated"), [], "the owner has days of grace");

  const view = await open(west.seller, { look: "phone", language: "en" });
  const { page } = view;
  const stale = page.getByRole("region", { name: en("home:stale") });
  await line(stale, first.deal.name).getByText(en("records:stale.red")).waitFor();
  await line(stale, second.deal.name).getByText(en("records:stale.yellow")).waitFor();
  await line(page.getByRole("region", { name: en("home:soon.title") }), first.customer.name).waitFor();
  await checkAccessibility(page, "home of what stands still, in English on a phone");
  const warning = await openBell(view, en, 4, en("notifications:releaseSoon_one"));
  await checkAccessibility(page, "what stands still, told on a phone");
  await warning.getByRole("link").tap();
  await page.getByRole("heading", { level: 1, name: first.customer.name }).waitFor();
  await page.getByRole("region", { name: en("pool:banner.soon") }).getByText(en("pool:keep.no_opportunity")).waitFor();
  await checkAccessibility(page, "a customer without an opportunity that will go");
  await view.done();
});

act("after the days of grace the manager is told, and after the warning the customer goes: once each, whatever the time", async () => {
  const { first, second } = story;
  const grace = Date.parse(first.deal.stale_at) + GRACE_DAYS * DAY;
  const release = Date.parse(first.customer.created_at) + POOL_DAYS * DAY;
  clock().goTo(Math.min(grace, release) - 2 * MINUTE);
  const view = await open(west.manager, { look: "en-dark", path: "/opportunities?view=stale" });
  const { page } = view;
  view.expectStatus(401);
  await page.getByRole("link", { name: first.deal.name }).first().waitFor();
  await bell(page, en, 0).waitFor();
  await goTo(Math.max(grace, release) + MINUTE, view);
  await hears(west.manager, "opportunity_escalated", [first.deal.name]);
  await hears(west.seller, "customer_released", [first.customer.name]);
  await hears(west.seller, "customer_release_soon", [first.customer.name, second.customer.name]);
  const admin = await as(west.admin);
  assert.equal((await admin.get(`/customers/${first.customer.id}`)).owner_id, null);
  assert.equal((await admin.get(`/customers/${second.customer.id}`)).owner_id, west.seller.id, "half an hour is left");

  await bell(page, en, 1).waitFor(SHOWN);
  const escalated = await openBell(view, en, 1, first.deal.name);
  await escalated.getByText(en("notifications:escalated", { name: west.seller.name })).waitFor();
  await checkAccessibility(page, "what the manager is told");
  await escalated.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: first.deal.name }).waitFor();
  await page.getByRole("navigation", { name: en("board:path") }).getByText(en("board:tooLong.red")).waitFor();
  await view.done();

  clock().goTo(Math.max(grace, release) + APART + MINUTE);
  await hears(west.manager, "opportunity_escalated", [first.deal.name, second.deal.name]);
  for (const kind of ["customer_release_soon", "customer_released"]) {
    await hears(west.seller, kind, [first.customer.name, second.customer.name]);
  }
  for (const kind of ["opportunity_slow", "opportunity_stale"]) {
    await hears(west.seller, kind, [first.deal.name, second.deal.name]);
  }
});

act("of two who press at once, on a laptop and on a phone, one has the customer", async () => {
  const { name, id } = story.first.customer;
  const path = `/customers?view=pool&q=${encodeURIComponent(name)}`;
  const ways = [
    { person: west.newcomer, zone: SHANGHAI, t: zh, options: { look: "zh-light" } },
    { person: west.londoner, zone: LONDON, t: en, options: { look: "phone", language: "en" } },
  ];
  const views = await Promise.all(ways.map(({ person, options }) => open(person, { ...options, path })));
  const outcomes = await claimAtOnce(views.map((view, n) => ({ ...view, t: ways[n].t })), name);
  assert.deepEqual([...outcomes].sort(), [false, true], "one of the two has it");
  story.winner = ways[outcomes.indexOf(true)];
  assert.equal((await (await as(west.admin)).get(`/customers/${id}`)).owner_id, story.winner.person.id);
  for (const view of views) await view.done();
});

act("one claim a day: the next is had after midnight, by the clock of whoever claims", async () => {
  const { person, zone, t, options } = story.winner;
  const { name, id } = story.second.customer;
  const midnight = momentOf(daysLater(localDay(clock().now(), zone), 1), "00:00", zone);
  clock().goTo(midnight - 3 * MINUTE);
  const view = await open(person, { ...options, path: `/customers/${id}` });
  const { page } = view;
  view.expectStatus(409);
  const pool = page.getByRole("region", { name: t("pool:banner.pool") });
  await pool.getByText(t("pool:limit.day_zero")).waitFor();
  await pool.getByText(t("pool:banner.why", { reason: t("records:releaseRule.no_opportunity") })).waitFor();
  await button(pool, t("records:pool.claim")).click();
  await page.getByText(t("pool:notClaimed", { name })).first().waitFor();
  await checkAccessibility(page, "a claim beyond the day's");
  await goTo(midnight + MINUTE, view);
  await page.reload();
  await pool.getByText(t("pool:limit.day_other", { count: 1 })).waitFor();
  await button(pool, t("records:pool.claim")).click();
  await page.getByText(t("pool:claimed", { name })).first().waitFor();
  assert.equal((await (await as(west.admin)).get(`/customers/${id}`)).owner_id, person.id);
  await view.done();
});

/** Opens something about a person from their line in the settings. */
async function openOf(page, person, entry) {
  await page.getByRole("searchbox", { name: en("settings:people.find") }).fill(person.name);
  await button(page, en("settings:actionsOf", { name: person.name })).click();
  await page.getByRole("menuitem", { name: en(entry), exact: true }).click();
}

/** Closes a dialog by the keyboard. What was asked above it takes the key as long as it is there. */
async function leave(page, opened) {
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await opened.waitFor({ state: "detached" });
}

async function handOver(page, from, to) {
  await openOf(page, from, "settings:people.handOver");
  const form = dialog(page, en("handover:title", { name: from.name }));
  await form.getByRole("combobox", { name: new RegExp(`^${en("handover:form.everything")}`) }).fill(to.name);
  await page.getByRole("option", { name: to.name, exact: true }).click();
  await button(form, en("handover:submitOff")).click();
  const done = dialog(page, en("handover:done", { name: from.name })).and(page.locator(":not([aria-modal=false])"));
  await done.getByText(to.name).first().waitFor();
  await leave(page, done);
}

/** Opens the newest handover of a person. */
async function openHandover(page, person) {
  await openOf(page, person, "settings:people.handovers");
  const list = dialog(page, en("handover:list.title", { name: person.name }));
  await list.getByRole("listitem").first().getByRole("button").click();
  return list;
}

act("a salesperson leaves: everything is handed over, undone on the last day, redone, and after thirty days stays", async () => {
  const { seller, londoner } = west;
  clock().goTo(momentOf(daysLater(monday, 14), "09:00", SHANGHAI));
  const has = async (person) => {
    const admin = await as(west.admin);
    const [{ owner_id }, { is_active }] = await Promise.all([
      admin.get(`/opportunities/${story.first.deal.id}`),
      admin.get(`/users/${seller.id}`),
    ]);
    assert.deepEqual({ owner_id, is_active }, { owner_id: person.id, is_active: person === seller });
  };
  await has(seller);
  const path = "/settings/people";
  const leaving = await open(seller, { look: "phone", path: "/opportunities" });
  const view = await open(west.admin, { look: "en-dark", path });
  await handOver(view.page, seller, londoner);
  await has(londoner);
  await view.done();
  // Whoever has left is out, wherever they were.
  leaving.expectStatus(401);
  await leaving.page.goto("/tasks");
  await leaving.page.getByLabel(zh("auth:password")).waitFor();
  await leaving.done();

  clock().goTo(momentOf(daysLater(monday, 44), "08:30", SHANGHAI));
  const back = await open(west.admin, { look: "phone", language: "en", path });
  const handover = await openHandover(back.page, seller);
  await checkAccessibility(back.page, "a handover of a month ago, on a phone");
  await button(handover, en("handover:undo.button")).click();
  await button(back.page.getByRole("alertdialog"), en("handover:undo.confirm")).click();
  await handover.getByRole("region", { name: en("handover:undo.undone") }).waitFor();
  await has(seller);
  await leave(back.page, handover);
  await handOver(back.page, seller, londoner);
  await has(londoner);
  await back.done();

  clock().goTo(clock().now() + 30 * DAY + MINUTE);
  const end = await open(west.admin, { look: "en-dark", path });
  const past = await openHandover(end.page, seller);
  await past.getByText(/It cannot be undone any more/).waitFor();
  assert.equal(await button(past, en("handover:undo.button")).count(), 0);
  await checkAccessibility(end.page, "a handover that stays");
  await end.done();
  await has(londoner);
});
