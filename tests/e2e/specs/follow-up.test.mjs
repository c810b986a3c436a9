import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { takePicture } from "../lib/picture.mjs";
import { stage } from "../lib/stage.mjs";
import { eventually, nothingIsRead } from "../lib/steps.mjs";
import { checkWords, words } from "../lib/words.mjs";

const here = stage();
const [SALES, MANAGER, ADMIN] = ["sales@example.com", "manager@example.com", "admin@example.com"];
const RED = "owner_id = @me AND stale_at <= @now";

const button = (place, name) => place.getByRole("button", { name, exact: true });
const region = (page, name) => page.getByRole("region", { name });
const find = (api, type, filter, sort) =>
  api.get(`/${type}?limit=1&sort=${sort}&filter=${encodeURIComponent(filter)}`).then(({ data }) => data[0]);

test("an opportunity that has stood still is found from home, and moving it on makes it fresh", async () => {
  const t = words("zh-CN");
  const sales = await apiAs(here.server, SALES);
  const deal = await find(sales, "opportunities", RED, "stale_at");
  assert.equal(deal.stale, "red", "the demonstration has some");
  const view = await openPage(here.browser, here.server, { as: SALES });
  const { page } = view;
  const panel = region(page, t("home:stale"));
  await panel.getByRole("link", { name: deal.name }).first().waitFor();
  await panel.getByText(t("records:stale.red")).first().waitFor();
  await takePicture(view, "home-stale");
  await checkAccessibility(page, "home with what has stood still");
  await panel.getByRole("link", { name: t("home:all") }).click();
  await page.waitForURL(/view=stale/);
  await page.getByRole("checkbox", { name: t("records:stale.red") }).click();
  await page.waitForURL(/stale=red/);
  const grid = page.getByRole("grid");
  await grid.getByText(t("records:stale.red")).first().waitFor();
  await checkWords(page, "stale opportunities");
  await takePicture(view, "stale-opportunities");
  await checkAccessibility(page, "stale opportunities");

  await page.goto(`/opportunities/${deal.id}`);
  const path = page.getByRole("navigation", { name: t("board:path") });
  await path.getByText(t("board:tooLong.red")).waitFor();
  await page.locator("header").getByText(t("records:stale.red")).waitFor();
  await takePicture(view, "stale-opportunity");
  await checkAccessibility(page, "a stale opportunity");
  const { data } = await sales.get("/pipelines");
  const open = data.flatMap((pipeline) => pipeline.stages).filter(({ category }) => category === "open");
  const next = open.find(({ id }) => id !== deal.stage_id);
  await button(path, next.names["zh-CN"]).click();
  const moved = await eventually("it has moved", () => sales.get(`/opportunities/${deal.id}`), ({ stage_id }) => stage_id === next.id);
  assert.equal(moved.stale, "none");
  await path.getByText(t("board:tooLong.red")).waitFor({ state: "detached" });
  assert.equal(await page.locator("header").getByText(t("records:stale.red")).count(), 0);
  await view.done();
});

test("a manager sees on a phone what stands still with others", async () => {
  const t = words("zh-CN");
  const manager = await apiAs(here.server, MANAGER);
  const deal = await find(manager, "opportunities", `stale_at <= @now AND NOT (${RED})`, "stale_at");
  const view = await openPage(here.browser, here.server, { as: MANAGER, look: "phone" });
  const { page } = view;
  const panel = region(page, t("home:stale"));
  await panel.waitFor();
  // What is above it grows as it is read, and would push the button away from under a click.
  await nothingIsRead(page);
  await button(panel, t("home:whoseDeals.all")).click();
  await panel.getByText(deal.owner.name).first().waitFor();
  await takePicture(view, "home-stale-of-all");
  await checkAccessibility(page, "home of a manager on a phone");
  await page.goto("/opportunities?view=stale&sort=stale_at");
  // The filters, which a phone does not show, say it too.
  const cards = page.getByRole("list", { name: t("records:plural.opportunities") });
  await cards.getByText(t("records:stale.red")).first().waitFor();
  await takePicture(view, "stale-opportunities-phone");
  await checkAccessibility(page, "stale opportunities on a phone");
  await view.done();
});

test("the organisation says within how many hours; a lead counts down, and is answered by a call", async () => {
  const t = words("en");
  const [admin, sales] = [await apiAs(here.server, ADMIN), await apiAs(here.server, SALES)];
  const settings = await openPage(here.browser, here.server, { as: ADMIN, look: "en-dark", path: "/settings/organisation" });
  await settings.page.getByRole("textbox", { name: t("settings:organisation.hours") }).fill("8");
  await settings.page.getByRole("textbox", { name: t("settings:organisation.grace") }).fill("1");
  await takePicture(settings, "settings-organisation");
  await checkAccessibility(settings.page, "settings of the organisation");
  await button(settings.page, t("settings:save")).click();
  await eventually("the hours are set", () => admin.get("/organisation"), (set) => set.lead_response_hours === 8 && set.stale_grace_days === 1);
  await settings.done();

  const late = await find(sales, "leads", `owner_id = @me AND status_category = "new" AND first_response_due_at < @now`, "first_response_due_at");
  const lead = await sales.post("/leads", { family_name: "Hopper", given_name: "Grace", company_name: "Compiler Works" });
  assert.equal(Date.parse(lead.first_response_due_at) - Date.parse(lead.created_at), 8 * 3_600_000);
  const view = await openPage(here.browser, here.server, { as: SALES, look: "en-dark" });
  const { page } = view;
  const panel = region(page, t("home:newLeads"));
  await panel.getByRole("link", { name: late.name }).first().waitFor();
  await takePicture(view, "home-leads-to-answer");
  await page.goto(`/leads/${late.id}`);
  await page.locator("header").getByText(t("records:response.overdue")).waitFor();
  await sales.post("/activities", { kind: "call", about: [{ type: "lead", id: late.id }] });
  await page.goto("/leads?view=unanswered&sort=first_response_due_at");
  await page.getByRole("grid").waitFor();
  assert.equal(await page.getByRole("link", { name: late.name, exact: true }).count(), 0, "it has been answered");
  await checkAccessibility(page, "leads whose answer is overdue");
  await view.done();
});
